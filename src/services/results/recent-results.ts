import type { Logger } from 'pino';
import type { ScanResult } from '../../domain/results/scan-result.ts';
import { pageOf } from '../paging/page.ts';
import { decodePosition } from '../stream-log/cursor.ts';
import type { StreamFollower } from '../stream-log/stream-follower.ts';
import { createRecentResultRing, type RecentResultRing } from './recent-result-ring.ts';
import type { RecentResultsMetrics } from './recent-results-metrics.ts';
import { scanResultMatcher } from './scan-result-matcher.ts';
import { NEWEST_FIRST } from './scan-result-query.ts';
import type { ScanResultStore } from './scan-result-store.ts';
import { scanResultCursor } from './scan-result-store.ts';
import { scanResultStream } from './scan-result-stream.ts';

export interface RecentResultsDeps {
  /** For whatever is not held. */
  readonly store: ScanResultStore;
  readonly follower: Pick<StreamFollower<ScanResult>, 'position' | 'follow'>;
  /** Number of the newest committed result, whichever process stored it. */
  readonly headSequence: () => Promise<number>;
  /** Results held. */
  readonly capacity: number;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly metrics: RecentResultsMetrics;
  readonly log: Logger;
}

/** The store of results, with the newest ones answered from memory. */
export interface RecentResults extends ScanResultStore {
  /** To be called when the follower has been started. Begins to read what was stored before. */
  start(): void;
  /** Resolves when what was stored before has been read, or could not be. */
  loaded(): Promise<void>;
  stop(): Promise<void>;
}

const LOADED_AT_ONCE = 100;

/** Longer than this no row is answered from memory: the shortest time for which they can be configured to be kept in the database (retention). */
const LONGEST_AGE_MS = 86_400_000;

/**
 * Answers pages of the newest results, newest first, from memory when they are exactly what the database would say: one look at the head of the stream tells whether anything was
 * stored that is not held yet, by whichever process.
 */
export function createRecentResults(deps: RecentResultsDeps): RecentResults {
  const { store, follower, headSequence, capacity, clock, metrics, log } = deps;
  let ring: RecentResultRing | null = null;
  let unfollow = () => {};
  let isStopped = false;
  let loading: Promise<void> = Promise.resolve();

  async function load(into: RecentResultRing): Promise<void> {
    let cursor: string | null = null;
    while (!isStopped && into.size() < capacity) {
      const { rows, hasNextPage } = await store.page({}, NEWEST_FIRST, { direction: 'forward', limit: LOADED_AT_ONCE, cursor });
      for (const row of rows) {
        // What has come since the start is held already; a gap, or no more room, is the end.
        if (row.sequence < into.firstSequence() && !into.prepend(row)) return;
      }
      if (!hasNextPage) return;
      cursor = scanResultCursor(rows.at(-1)!, NEWEST_FIRST);
    }
  }

  return {
    start() {
      const held = createRecentResultRing({ capacity, lastSequence: follower.position().sequence });
      ring = held;
      unfollow = follower.follow(held.append);
      metrics.watch(held.size);
      loading = load(held).catch((error: unknown) => {
        log.warn({ err: error }, 'older results could not be read into memory: pages of them are read from the database');
      });
    },
    loaded: () => loading,
    async stop() {
      isStopped = true;
      unfollow();
      await loading;
    },

    async page(query, order, request, columns) {
      const isNewestFirst = order.field === 'DETECTED_AT' && order.direction === 'DESC' && request.direction === 'forward';
      if (ring === null || !isNewestFirst) return store.page(query, order, request, columns);
      const after = request.cursor === null ? null : decodePosition(scanResultStream.name, request.cursor);
      const youngest = clock() - LONGEST_AGE_MS;
      const range = {
        fromMs: query.detectedFromMs ?? Number.NEGATIVE_INFINITY,
        beforeMs: query.detectedBeforeMs ?? Number.POSITIVE_INFINITY,
      };
      // Nothing that is not held can be told without the database; and if it can, the head has the last word.
      if (ring.size() > 0 && (await headSequence()) === ring.lastSequence()) {
        const rows = ring.select(scanResultMatcher(query), range, after, request.limit + 1);
        if (rows !== null && (rows.length === 0 || rows.at(-1)!.detectedAtMs >= youngest)) {
          metrics.answered('memory');
          return pageOf(rows, request);
        }
      }
      metrics.answered('database');
      return store.page(query, order, request, columns);
    },

    async byIds(ids, columns) {
      const youngest = clock() - LONGEST_AGE_MS;
      const held: ScanResult[] = [];
      const others: string[] = [];
      for (const id of new Set(ids)) {
        const result = ring?.byId(id);
        if (result && result.detectedAtMs >= youngest) held.push(result);
        else others.push(id);
      }
      metrics.lookedUp('memory', held.length);
      metrics.lookedUp('database', others.length);
      return others.length === 0 ? held : [...held, ...(await store.byIds(others, columns))];
    },

    newest: store.newest,
  };
}
