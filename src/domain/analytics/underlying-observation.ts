import type { UnderlyingMetricValues } from './underlying-metric.ts';

/** What one chain said of its underlying, before the stream log gave it a number. */
export interface UnderlyingObservationDraft {
  /** UUIDv7. */
  readonly id: string;
  readonly symbol: string;
  readonly scanRunId: string;
  /** When the quotes were true, by the source's clock: epoch milliseconds, UTC. */
  readonly quotedAtMs: number;
  readonly metrics: UnderlyingMetricValues;
}

/** One observation; immutable. */
export interface UnderlyingObservation extends UnderlyingObservationDraft {
  /** Gap-free number in the stream of observations, in commit order. */
  readonly sequence: number;
  /** Epoch milliseconds, UTC; never goes back along the sequence. */
  readonly observedAtMs: number;
}
