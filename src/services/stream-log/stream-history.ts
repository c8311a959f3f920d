import type { StreamPosition } from './stream-position.ts';

/** The stored rows of a stream that are of interest to somebody; positions: exclusive `after`, inclusive `until`. */
export interface StreamHistory<Row, Interest> {
  /** The oldest ones, oldest first. */
  between(interest: Interest, after: StreamPosition, until: StreamPosition, limit: number): Promise<Row[]>;
  /** The newest ones, oldest first. */
  newest(interest: Interest, until: StreamPosition, limit: number): Promise<Row[]>;
  /** How many there are, counted up to the limit. */
  count(interest: Interest, after: StreamPosition, until: StreamPosition, limit: number): Promise<number>;
}
