/** What a chaos run did and what it found. */
export interface ChaosReport {
  /** Counts and measurements, printed in this order. */
  readonly counts: Readonly<Record<string, number | string>>;
  /** What must not happen and did; empty: nothing. */
  readonly violations: readonly string[];
}
