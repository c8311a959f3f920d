/** Prices of consecutive periods, in columns; row i of each is one period. All finite and > 0, low ≤ open, close ≤ high. */
export interface PriceBars {
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
}
