import { UNDERLYING_METRICS } from '../analytics/underlying-metric.ts';
import type { UnderlyingObservation } from '../analytics/underlying-observation.ts';
import type { MetricValues } from '../candidates/metric.ts';
import type { OpportunityChange } from '../opportunities/opportunity-change.ts';
import type { ScanReport, ScanTally } from '../results/scan-report.ts';
import type { ScanResult } from '../results/scan-result.ts';
import type { AlertEvent } from './alert-event.ts';
import type { MetricSample, SubjectKind } from './series-source.ts';

/** The service that the scanner's own numbers are reported under. */
export const SCANNER_SERVICE = 'scanner';

export function eventOfResult(result: ScanResult): AlertEvent {
  return { kind: 'RESULT', id: result.id, atMs: result.detectedAtMs, subject: result };
}

/** @param metrics of its newest result; null: not known */
export function eventOfOpportunityChange({ id, kind, atMs, opportunity }: OpportunityChange, metrics: MetricValues | null): AlertEvent {
  return { kind: 'OPPORTUNITY', id, atMs, change: kind, subject: { ...opportunity, metrics } };
}

export function eventsOfObservation({ id, symbol, observedAtMs, metrics }: UnderlyingObservation): AlertEvent[] {
  return UNDERLYING_METRICS.map(({ name }) => metricEvent('UNDERLYING', symbol, name, metrics[name], observedAtMs, id));
}

/** What a scan says of its filters and strategies, and of the scanner. */
export function eventsOfReport({ id, reportedAtMs, durationMs, contracts, candidates, filters, strategies }: ScanReport): AlertEvent[] {
  const tally = (of: SubjectKind, subject: string, { selected, results, bestScore }: ScanTally) => [
    metricEvent(of, subject, 'selected', selected, reportedAtMs, id),
    metricEvent(of, subject, 'results', results, reportedAtMs, id),
    metricEvent(of, subject, 'bestScore', bestScore, reportedAtMs, id),
  ];
  const scanner = (metric: string, value: number) => metricEvent('SERVICE', SCANNER_SERVICE, metric, value, reportedAtMs, id);
  return [
    ...Object.entries(filters).flatMap(([filterId, told]) => tally('FILTER', filterId, told)),
    ...Object.entries(strategies).flatMap(([strategy, told]) => tally('STRATEGY', strategy, told)),
    scanner('scanDurationMs', durationMs),
    scanner('contracts', contracts),
    scanner('candidates', candidates),
  ];
}

function metricEvent(of: SubjectKind, subject: string, metric: string, value: number | null, atMs: number, id: string): AlertEvent {
  const sample: MetricSample = { of, subject, metric, value, atMs, id };
  return { kind: 'METRIC', sample };
}
