import { UNDERLYING_METRICS } from '../analytics/underlying-metric.ts';
import { STRATEGY_IDS } from '../strategies/strategy-id.ts';

/** What numbers are measured of. */
export const SUBJECT_KINDS = ['UNDERLYING', 'FILTER', 'STRATEGY', 'SERVICE'] as const;
export type SubjectKind = (typeof SUBJECT_KINDS)[number];

export interface SourceMetric {
  readonly name: string;
  /** Meaning and unit, as the API prints it. */
  readonly description: string;
}

/** The metrics of each kind of subject; null: those that services report themselves, under any name (the scanner: scanDurationMs, contracts, candidates, of each chain). */
export const SOURCE_METRICS: Readonly<Record<SubjectKind, readonly SourceMetric[] | null>> = {
  UNDERLYING: UNDERLYING_METRICS,
  FILTER: [
    { name: 'selected', description: 'Candidates the filter selected in the last scan of an underlying, changed or not.' },
    { name: 'results', description: 'Results the filter stored in the last scan of an underlying.' },
    { name: 'bestScore', description: 'Best score the filter selected in the last scan of an underlying, 0 to 100.' },
  ],
  STRATEGY: [
    {
      name: 'selected',
      description: 'Candidates of the strategy that filters selected in the last scan of an underlying, changed or not.',
    },
    { name: 'results', description: 'Results of the strategy stored in the last scan of an underlying.' },
    { name: 'bestScore', description: 'Best score of the strategy in the last scan of an underlying, 0 to 100.' },
  ],
  SERVICE: null,
};

/** Subjects of which all are known in advance. */
export const KNOWN_SUBJECTS: Readonly<Partial<Record<SubjectKind, readonly string[]>>> = { STRATEGY: STRATEGY_IDS };

/** One number that is measured over time. */
export interface SeriesSource {
  readonly of: SubjectKind;
  /** Symbol, filter id, strategy or service name; null: each of them, as a series of its own. */
  readonly subject: string | null;
  readonly metric: string;
}

/** What a metric was at a moment. */
export interface MetricSample {
  readonly of: SubjectKind;
  readonly subject: string;
  readonly metric: string;
  /** Null: not known at that moment. */
  readonly value: number | null;
  /** Epoch milliseconds by whoever measured. */
  readonly atMs: number;
  /** The same for each repetition of this sample. */
  readonly id: string;
}
