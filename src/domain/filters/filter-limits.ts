/** What one filter takes at most. What is left out is as the server has it, or not limited. */
export interface FilterLimits {
  /** Results of one underlying in one pass; the server may grant fewer. */
  readonly resultsPerUnderlying?: number;
  /** 0 to 100; an unknown score is below it. */
  readonly minimumScore?: number;
  /** How long the same legs are not stored again, seconds, however their quotes change. They still count as seen. */
  readonly cooldownSeconds?: number;
}
