import { createChainBuilder } from '../../src/domain/chain/chain-builder.ts';
import type { ChainSnapshot } from '../../src/domain/chain/chain-snapshot.ts';
import type { UnderlyingProfile } from '../../src/domain/chain/underlying-profile.ts';
import { black76Price } from '../../src/domain/pricing/black76.ts';
import { UnknownUnderlyingError } from '../../src/services/market-data/feed-errors.ts';
import type { MarketDataFeed } from '../../src/services/market-data/market-data-feed.ts';

const DAY_MS = 86_400_000;
const DAYS_TO_EXPIRATION = [14, 35, 50];

function aProfile(symbol: string): UnderlyingProfile {
  return { symbol, kind: 'EQUITY', exerciseStyle: 'AMERICAN', symbology: 'OCC', contractMultiplier: 100, currency: 'USD' };
}

/** A chain around `spot` with a smile, liquid enough for every preset. */
export function aChain(symbol: string, { spot = 100, volatility = 0.3, quotedAtMs = Date.now() } = {}): ChainSnapshot {
  const builder = createChainBuilder({ underlying: aProfile(symbol), quotedAtMs, underlyingPrice: spot, source: 'test' });
  for (const days of DAYS_TO_EXPIRATION) {
    const expiration = builder.expiration(symbol, new Date(quotedAtMs + days * DAY_MS).toISOString().slice(0, 10));
    for (let strike = 70; strike <= 130; strike += 2.5) {
      for (const right of [0, 1] as const) {
        const price = black76Price(right, spot, strike, days / 365, volatility + Math.abs(strike - spot) / 1_000, 1);
        if (price < 0.05) continue;
        builder.record.strike = strike;
        builder.record.bid = Math.floor(price * 99) / 100;
        builder.record.ask = Math.ceil(price * 101) / 100;
        builder.record.volume = 500;
        builder.record.openInterest = 1_000;
        builder.add(expiration, right, strike);
      }
    }
  }
  return builder.build();
}

export interface ChainFeed extends MarketDataFeed {
  /** Chains asked for so far, in order. */
  readonly fetched: readonly string[];
  /** Replaces what a symbol answers with; an error is thrown. */
  answer(symbol: string, with_: () => ChainSnapshot | Error | Promise<ChainSnapshot>): void;
}

/** A feed that answers from memory: a new price at every fetch, unless told otherwise. */
export function aChainFeed(symbols: readonly string[] = ['AAA', 'BBB']): ChainFeed {
  const fetched: string[] = [];
  const answers = new Map<string, () => ChainSnapshot | Error | Promise<ChainSnapshot>>();
  let fetches = 0;
  return {
    kind: 'simulated',
    description: 'test chains',
    pace: { minimumIntervalMs: 1, requestsPerSecond: Number.POSITIVE_INFINITY },
    fetched,
    answer: (symbol, with_) => answers.set(symbol, with_),
    start: async () => {},
    stop: async () => {},
    listUnderlyings: async () => symbols.map(aProfile),
    async fetchChain(symbol, signal) {
      signal.throwIfAborted();
      if (!symbols.includes(symbol)) throw new UnknownUnderlyingError(`expected one of ${symbols.join(', ')}, got ${symbol}`);
      fetched.push(symbol);
      const outcome = await (answers.get(symbol)?.() ?? aChain(symbol, { spot: 100 + (++fetches % 40) / 10 }));
      if (outcome instanceof Error) throw outcome;
      return outcome;
    },
  };
}
