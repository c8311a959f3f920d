import type { StreamPosition } from '../stream-log/stream-position.ts';
import type { DeliveryGrant } from './delivery-grant.ts';

export const STREAM_PHASES = ['SNAPSHOT', 'REPLAY', 'LIVE'] as const;
export type StreamPhase = (typeof STREAM_PHASES)[number];

/** What a subscriber of a durable stream is given at a time. */
export interface StreamItem<Row> {
  readonly phase: StreamPhase;
  /** Oldest first. */
  readonly rows: readonly Row[];
  /** The place in the stream up to which the subscriber now knows everything, or has been told what it misses. */
  readonly cursor: string;
  /** Rows left out before these. */
  readonly missed: number;
  /** Cursor behind which those left out lie; null when there are none. */
  readonly missedSince: string | null;
  readonly delivery: DeliveryGrant;
}

/** Rows on their way to those who follow a stream live. */
export interface LiveItem<Row> {
  readonly rows: readonly Row[];
  /** Number of the first row. */
  readonly firstSequence: number;
  /** What a subscriber that has everything before these rows knows after them. */
  readonly position: StreamPosition;
  /** What it knew before. */
  readonly after: StreamPosition;
  readonly missed: number;
  readonly missedSince: StreamPosition | null;
}
