import type { MetricValues } from '../candidates/metric.ts';
import type { OpportunityChangeKind } from '../opportunities/opportunity-change.ts';
import type { ScreenSubject } from './screen-index.ts';
import type { MetricSample } from './series-source.ts';

/**
 * What rules read. Results and changes of opportunities come from their streams, each once and in order, so their moments are those of the streams, which never go
 * back, not of the quotes; metrics may come late and again.
 */
export type AlertEvent =
  | { readonly kind: 'METRIC'; readonly sample: MetricSample }
  | { readonly kind: 'RESULT'; readonly id: string; readonly atMs: number; readonly subject: ScreenSubject }
  | {
      readonly kind: 'OPPORTUNITY';
      readonly id: string;
      readonly atMs: number;
      readonly change: OpportunityChangeKind;
      /** With the metrics of its newest result; null when they are not known, as of one that left. */
      readonly subject: Omit<ScreenSubject, 'metrics'> & { readonly metrics: MetricValues | null };
    };
