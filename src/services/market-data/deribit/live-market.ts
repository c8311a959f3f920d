import { jsonNumber } from '../http/json-number.ts';
import type { DeribitCoin } from './deribit-coin.ts';
import { createMarkTable, type MarkTable } from './mark-table.ts';

/** What the socket has told about one coin. */
export interface LiveCoin {
  readonly marks: MarkTable;
  /** The index, in dollars; NaN until it is told. */
  readonly spot: number;
  /** By Deribit's clock, epoch milliseconds; NaN until it is told. */
  readonly spotAtMs: number;
}

/** The latest of what Deribit's socket tells: marks of options and index prices. */
export interface LiveMarket {
  /** To subscribe to. */
  readonly channels: readonly string[];
  coin(symbol: string): LiveCoin | undefined;
  /** Takes a notification in; what cannot be read of it is passed over, since the answers over REST tell the same. */
  accept(channel: string, data: unknown): void;
}

interface MutableCoin extends LiveCoin {
  spot: number;
  spotAtMs: number;
}

export function createLiveMarket(coins: readonly DeribitCoin[]): LiveMarket {
  const bySymbol = new Map<string, MutableCoin>();
  const handlers = new Map<string, (data: unknown) => void>();
  for (const { symbol, indexName } of coins) {
    const coin: MutableCoin = { marks: createMarkTable(), spot: Number.NaN, spotAtMs: Number.NaN };
    bySymbol.set(symbol, coin);
    handlers.set(`markprice.options.${indexName}`, (data) => acceptMarks(coin.marks, data));
    handlers.set(`deribit_price_index.${indexName}`, (data) => acceptSpot(coin, data));
  }
  return {
    channels: [...handlers.keys()],
    coin: (symbol) => bySymbol.get(symbol),
    accept: (channel, data) => handlers.get(channel)?.(data),
  };
}

/** All options at first, then those whose mark has changed. Here iv is decimal, unlike mark_iv over REST. */
function acceptMarks(marks: MarkTable, data: unknown): void {
  if (!Array.isArray(data)) return;
  for (const item of data as readonly (Record<string, unknown> | null)[]) {
    const name = item?.instrument_name;
    const timestampMs = jsonNumber(item?.timestamp);
    if (typeof name === 'string' && timestampMs > 0) marks.set(name, jsonNumber(item?.mark_price), jsonNumber(item?.iv), timestampMs);
  }
}

function acceptSpot(coin: MutableCoin, data: unknown): void {
  const index = data as { price?: unknown; timestamp?: unknown } | null | undefined;
  const price = jsonNumber(index?.price);
  const timestampMs = jsonNumber(index?.timestamp);
  if (!(price > 0 && timestampMs > 0)) return;
  coin.spot = price;
  coin.spotAtMs = timestampMs;
}
