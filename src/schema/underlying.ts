import { requirePermission } from '../domain/access/require-permission.ts';
import { UNDERLYING_METRICS, type UnderlyingMetricValues } from '../domain/analytics/underlying-metric.ts';
import { underlyingMetrics } from '../domain/analytics/underlying-metrics.ts';
import type { ExpirationSlice } from '../domain/chain/chain-snapshot.ts';
import type { Underlying } from '../domain/chain/underlying.ts';
import type { PricedChain } from '../domain/pricing/priced-chain.ts';
import { builder } from './builder.ts';
import { ExpirationRef, OptionChainRef } from './option-chain.ts';

const UnderlyingKindEnum = builder.enumType('UnderlyingKind', {
  description: 'What the options are written on.',
  values: {
    INDEX: { description: 'A stock index.' },
    EQUITY: { description: 'A single stock.' },
    ETF: { description: 'An exchange-traded fund.' },
    CRYPTO: { description: 'A coin.' },
  },
});

const ExerciseStyleEnum = builder.enumType('ExerciseStyle', {
  description: 'When the holder may exercise.',
  values: { AMERICAN: { description: 'At any time until expiration.' }, EUROPEAN: { description: 'At expiration only.' } },
});

const UnderlyingMetricsRef = builder.objectRef<UnderlyingMetricValues>('UnderlyingMetrics').implement({
  description: 'What a chain says of its underlying. Null: unknown.',
  fields: (t) =>
    Object.fromEntries(UNDERLYING_METRICS.map(({ name, description }) => [name, t.exposeFloat(name, { nullable: true, description })])),
});

export const UnderlyingRef = builder.objectRef<Underlying>('Underlying');

builder.node(UnderlyingRef, {
  description: 'What options are written on, as the last scan of its chain saw it.',
  id: { resolve: (underlying) => underlying.symbol, description: 'Global id.' },
  loadOne: (symbol, { loaders, viewer }) => {
    requirePermission(viewer, 'READ_RESULTS');
    return loaders.underlying.load(symbol);
  },
  fields: (t) => ({
    symbol: t.exposeString('symbol', { description: 'SPX, BTC, GOOG, …' }),
    kind: t.expose('kind', { type: UnderlyingKindEnum, description: 'What it is.' }),
    exerciseStyle: t.expose('exerciseStyle', { type: ExerciseStyleEnum, description: 'When its options may be exercised.' }),
    contractMultiplier: t.exposeFloat('contractMultiplier', { description: 'Units of the underlying one contract stands for.' }),
    currency: t.exposeString('currency', { description: 'ISO 4217 code of its prices.' }),
    price: t.exposeFloat('price', { nullable: true, description: 'Price per unit, in its currency; null when the source does not tell.' }),
    impliedVolatility30d: t.exposeFloat('impliedVolatility30d', {
      nullable: true,
      description: '30-day constant-maturity at-the-money implied volatility as a decimal; null when the chain does not bracket 30 days.',
    }),
    ivRank: t.float({
      nullable: true,
      description:
        'Where that volatility lies between the lowest and the highest of 252 market days, 0 to 100; null with too little history.',
      resolve: (underlying, _arguments, { services }) => known(rankOf(underlying, services.underlyings).ivRank),
    }),
    ivPercentile: t.float({
      nullable: true,
      description: 'Share of the last 252 market days with lower volatility, 0 to 100; null with too little history.',
      resolve: (underlying, _arguments, { services }) => known(rankOf(underlying, services.underlyings).ivPercentile),
    }),
    metrics: t.field({
      type: UnderlyingMetricsRef,
      nullable: true,
      description: 'What its newest chain says of it; null until this server process has scanned it.',
      resolve: (underlying, _arguments, { services: { underlyings } }) => {
        const chain = underlyings.latestChain(underlying.symbol);
        return chain && underlyingMetrics(chain, rankOf(underlying, underlyings));
      },
    }),
    contractCount: t.exposeInt('contracts', { description: 'Option contracts in its chain.' }),
    quotedAt: t.field({
      type: 'DateTime',
      description: "When the quotes were true by the source's clock, UTC.",
      resolve: (underlying) => new Date(underlying.quotedAtMs),
    }),
    scannedAt: t.field({
      type: 'DateTime',
      description: 'When its chain was scanned, UTC.',
      resolve: (underlying) => new Date(underlying.scannedAtMs),
    }),
    expirations: t.field({
      type: [ExpirationRef],
      description: 'Expirations of the newest chain, nearest first; empty until this server process has scanned it.',
      resolve: ({ symbol }, _arguments, { services }) => {
        const chain = services.underlyings.latestChain(symbol);
        return chain ? chain.snapshot.expirations.map((_slice, index) => ({ chain, index })) : [];
      },
    }),
    chain: t.field({
      type: OptionChainRef,
      nullable: true,
      description:
        'The contracts of one expiration; null when the newest chain has none for it, or this server process has not scanned it yet.',
      args: {
        expiration: t.arg({ type: 'Date', required: true, description: 'Date of expiration.' }),
        root: t.arg.string({
          description: 'Symbol root, where several expire on one date (SPX, SPXW); by default the one with the most contracts.',
        }),
      },
      resolve: ({ symbol }, { expiration, root }, { services }) => {
        const chain = services.underlyings.latestChain(symbol);
        const index = chain ? sliceIndex(chain, expiration.toISOString().slice(0, 10), root ?? null) : -1;
        return chain && index >= 0 ? { chain, index } : null;
      },
    }),
  }),
});

function sliceIndex({ snapshot }: PricedChain, date: string, root: string | null): number {
  const size = (slice: ExpirationSlice) => slice.end - slice.start;
  let best = -1;
  for (const [index, slice] of snapshot.expirations.entries()) {
    if (slice.date !== date || (root !== null && slice.root !== root)) continue;
    if (best < 0 || size(slice) > size(snapshot.expirations[best]!)) best = index;
  }
  return best;
}

function rankOf(
  { symbol, quotedAtMs, impliedVolatility30d }: Underlying,
  underlyings: { rank(symbol: string, quotedAtMs: number, volatility: number): { ivRank: number; ivPercentile: number } },
): { ivRank: number; ivPercentile: number } {
  return underlyings.rank(symbol, quotedAtMs, impliedVolatility30d ?? Number.NaN);
}

function known(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
