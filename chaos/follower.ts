import { WebSocket } from 'ws';
import { createStrikewireClient } from '../src/client/index.ts';
import type { FollowedFilter } from './followed-filter.ts';

/** A client of the product, its own one, that notes everything it is given. */
export interface Follower {
  readonly filter: FollowedFilter;
  /** Global ids of the results, in the order they came in. */
  readonly received: readonly string[];
  /** Milliseconds from the moment a result was stored until it was here, the newest of each item that came live. */
  readonly latenciesMs: readonly number[];
  /** What the server or the client says is missing. */
  readonly gaps: () => number;
  /** Connections that were acknowledged. */
  readonly connections: () => number;
  /** Items that came over the current connection. */
  readonly itemsOfConnection: () => number;
  /** The error that ended the subscription; null: none. */
  readonly failure: () => Error | null;
  /** Where it is connected. */
  readonly url: () => string;
  /** Cuts its socket without a goodbye, as a lost network does. */
  cut(): void;
  close(): void;
}

export interface FollowerOptions {
  readonly filter: FollowedFilter;
  /** Asked before each attempt to connect. */
  readonly url: () => string;
}

interface Variables {
  readonly filter: FollowedFilter['variable'];
}

interface Item {
  readonly scanResults: {
    readonly phase: string;
    readonly missed: number;
    readonly results: readonly { readonly id: string; readonly detectedAt: string }[];
  };
}

const SUBSCRIPTION = `subscription Followed($filter: ScanResultFilter, $after: String) {
  scanResults(filter: $filter, after: $after) { phase cursor missed results { id detectedAt symbol strategy score } }
}`;
/** Short, so that many interruptions fit into a run. */
const BACKOFF = { minimumMs: 20, maximumMs: 500 };

export function startFollower({ filter, url }: FollowerOptions): Follower {
  const received: string[] = [];
  const latenciesMs: number[] = [];
  let gaps = 0;
  let connections = 0;
  let itemsOfConnection = 0;
  let failure: Error | null = null;
  let currentUrl = '';
  let socket: WebSocket | null = null;
  const note = (opened: WebSocket) => {
    socket = opened;
  };
  class FollowedWebSocket extends WebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols);
      note(this);
    }
  }
  const client = createStrikewireClient({
    url: () => {
      currentUrl = url();
      return currentUrl;
    },
    webSocketImpl: FollowedWebSocket,
    backoff: BACKOFF,
  });
  client.on('connected', () => {
    connections++;
    itemsOfConnection = 0;
  });
  client.on('gap', ({ missed }) => {
    gaps += missed ?? 1;
  });
  client.listen<Item, Variables>(
    SUBSCRIPTION,
    {
      item({ data: { scanResults } }) {
        itemsOfConnection++;
        for (const { id } of scanResults.results) received.push(id);
        const newest = scanResults.results.at(-1);
        if (newest && scanResults.phase === 'LIVE') latenciesMs.push(Date.now() - Date.parse(newest.detectedAt));
      },
      error(error) {
        failure = error as Error;
      },
    },
    { variables: { filter: filter.variable } },
  );
  return {
    filter,
    received,
    latenciesMs,
    gaps: () => gaps,
    connections: () => connections,
    itemsOfConnection: () => itemsOfConnection,
    failure: () => failure,
    url: () => currentUrl,
    cut() {
      itemsOfConnection = 0;
      socket?.terminate();
    },
    close: client.close,
  };
}
