import type { RollupSource } from '../../domain/rollups/rollup-metric.ts';
import type { RollupTier } from '../../domain/rollups/rollup-tier.ts';
import type { Bus } from '../bus/bus.ts';

/** Buckets that starts lie in, epoch milliseconds, market time. */
export interface ChangedBuckets {
  /** Start of the first one. */
  readonly fromMs: number;
  /** End of the last one. Not every bucket in between has changed. */
  readonly beforeMs: number;
}

/** A batch of rows that has been rolled up and committed. */
export interface RollupChange {
  readonly source: RollupSource;
  readonly buckets: Readonly<Record<RollupTier, ChangedBuckets>>;
}

/** Tells every process what has been rolled up, whichever of them did it. A message may be lost between processes, never within one: who must know looks now and then. */
export interface RollupChanges {
  /** To be called after the commit. */
  publish(change: RollupChange): void;
  /** The listener must not throw. Returns the end of following. */
  follow(listener: (change: RollupChange) => void): () => void;
}

const CHANNEL = 'rollups';

export function createRollupChanges({ bus }: { bus: Pick<Bus, 'publish' | 'subscribe'> }): RollupChanges {
  return {
    // No stream: its messages have no numbers.
    publish: (change) => bus.publish(CHANNEL, { firstSequence: 0, rows: [change] }),
    follow: (listener) =>
      bus.subscribe(CHANNEL, ({ rows }) => {
        for (const row of rows) listener(row as RollupChange);
      }),
  };
}
