/** What is expected of one step, in the unit of the values. */
export interface ForecastPoint {
  /** 1 is the next. */
  readonly step: number;
  /** The median. */
  readonly value: number;
  /** Eight times in ten it is expected to lie between these. */
  readonly lower80: number;
  readonly upper80: number;
  /** Nineteen times in twenty. */
  readonly lower95: number;
  readonly upper95: number;
}
