import { FeedUnavailableError } from '../feed-errors.ts';
import type { FeedHttpClient } from '../http/feed-http-client.ts';
import { jsonArray } from '../http/json-array.ts';
import { createSharedReads, type SharedReads } from '../http/shared-reads.ts';
import { rpcResult } from './rpc-result.ts';

/** The answer of public/get_book_summary_by_currency to kind option, its elements not checked yet. */
export interface BookSummaries {
  readonly summaries: readonly unknown[];
  /** Epoch milliseconds. */
  readonly receivedAtMs: number;
  /** Address, for messages. */
  readonly source: string;
}

export interface BookSummariesDeps {
  readonly http: FeedHttpClient;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** A currency is asked for once in this time. */
  readonly minimumIntervalMs: number;
}

/**
 * Summaries of all options by settlement currency. All linear coins share those of USDC: without this each of them would fetch the options of all. Throws FeedUnavailableError when
 * there are none, and what the client and rpcResult throw.
 */
export function createBookSummaries({ http, clock, minimumIntervalMs }: BookSummariesDeps): SharedReads<BookSummaries> {
  async function load(currency: string, signal: AbortSignal): Promise<BookSummaries> {
    const { body, source } = await http.getJson({
      path: '/public/get_book_summary_by_currency',
      query: { currency, kind: 'option' },
      signal,
      // Its errors come with this status.
      alsoRead: [400],
    });
    const summaries = jsonArray(rpcResult(body, source), source, 'result');
    if (summaries.length === 0) throw new FeedUnavailableError(`${source}: expected the options of ${currency}, got none`);
    return { summaries, receivedAtMs: clock(), source };
  }

  return createSharedReads({ load, maximumAgeMs: minimumIntervalMs, clock });
}
