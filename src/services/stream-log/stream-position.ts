/** A place in a stream: behind the row with this number. Time and number ascend together, so a reader may bound its search by time. */
export interface StreamPosition {
  /** Epoch milliseconds, UTC, of the row. */
  readonly atMs: number;
  readonly sequence: number;
}

/** Before the first row of any stream. */
export const STREAM_START: StreamPosition = { atMs: 0, sequence: 0 };
