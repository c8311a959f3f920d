import { type ChainTotals, chainTotals, putCallRatio } from '../domain/analytics/chain-totals.ts';
import { deltaSkew } from '../domain/analytics/delta-skew.ts';
import { gammaExposure } from '../domain/analytics/gamma-exposure.ts';
import { maxPain } from '../domain/analytics/max-pain.ts';
import { CALL, type ExpirationSlice } from '../domain/chain/chain-snapshot.ts';
import { contractSymbol } from '../domain/chain/contract-symbol.ts';
import type { PricedChain } from '../domain/pricing/priced-chain.ts';
import { builder } from './builder.ts';
import { OptionRightEnum } from './enums.ts';
import { FloatRangeInput } from './filter-criteria-input.ts';

/** One slice of a chain. */
export interface ExpirationSource {
  readonly chain: PricedChain;
  readonly index: number;
}

/** One contract of a chain. */
interface QuoteSource {
  readonly chain: PricedChain;
  readonly row: number;
}

const MS_PER_DAY = 86_400_000;

const ForwardSourceEnum = builder.enumType('ForwardSource', {
  description: 'Where a forward price comes from.',
  values: {
    VENDOR: { description: 'The source of the quotes states it.' },
    PARITY: { description: 'Put-call parity across near-the-money pairs.' },
    CARRY: { description: 'Price of the underlying carried forward at a rate.' },
  },
});

function sliceOf({ chain, index }: ExpirationSource): ExpirationSlice {
  return chain.snapshot.expirations[index]!;
}

function known(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}

export const ChainTotalsRef = builder.objectRef<ChainTotals>('ChainTotals').implement({
  description: 'Contracts, by right. Null where the source tells it of no contract.',
  fields: (t) => ({
    callVolume: t.float({ nullable: true, description: 'Calls traded today.', resolve: (totals) => known(totals.callVolume) }),
    putVolume: t.float({ nullable: true, description: 'Puts traded today.', resolve: (totals) => known(totals.putVolume) }),
    callOpenInterest: t.float({ nullable: true, description: 'Open calls.', resolve: (totals) => known(totals.callOpenInterest) }),
    putOpenInterest: t.float({ nullable: true, description: 'Open puts.', resolve: (totals) => known(totals.putOpenInterest) }),
    putCallVolumeRatio: t.float({
      nullable: true,
      description: 'Puts traded divided by calls traded; null when no calls were.',
      resolve: ({ putVolume, callVolume }) => known(putCallRatio(putVolume, callVolume)),
    }),
    putCallOpenInterestRatio: t.float({
      nullable: true,
      description: 'Open puts divided by open calls; null when none are.',
      resolve: ({ putOpenInterest, callOpenInterest }) => known(putCallRatio(putOpenInterest, callOpenInterest)),
    }),
  }),
});

export const ExpirationRef = builder.objectRef<ExpirationSource>('Expiration').implement({
  description: 'The contracts of one symbol root that expire at one moment.',
  fields: (t) => ({
    date: t.field({ type: 'Date', description: 'Date of expiration.', resolve: (source) => sliceOf(source).date }),
    root: t.string({ description: 'Symbol root of its contracts.', resolve: (source) => sliceOf(source).root }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'Moment of expiration, UTC.',
      resolve: (source) => new Date(sliceOf(source).expiresAtMs),
    }),
    daysToExpiration: t.float({
      description: 'Calendar days from the quotes to expiration, fractional.',
      resolve: (source) => (sliceOf(source).expiresAtMs - source.chain.snapshot.quotedAtMs) / MS_PER_DAY,
    }),
    contractCount: t.int({ description: 'Contracts.', resolve: (source) => sliceOf(source).end - sliceOf(source).start }),
    forward: t.float({
      nullable: true,
      description: 'Forward price of the underlying, quote currency per unit.',
      resolve: ({ chain, index }) => known(chain.expirations[index]?.forward),
    }),
    forwardSource: t.field({
      type: ForwardSourceEnum,
      nullable: true,
      description: 'Where the forward comes from.',
      resolve: ({ chain, index }) => chain.expirations[index]?.forwardSource ?? null,
    }),
    rate: t.float({
      nullable: true,
      description: 'Continuously compounded rate per year used for discounting, as a decimal.',
      resolve: ({ chain, index }) => known(chain.expirations[index]?.rate),
    }),
    atTheMoneyVolatility: t.float({
      nullable: true,
      description: 'Implied volatility at the forward as a decimal.',
      resolve: ({ chain, index }) => known(chain.expirations[index]?.atTheMoneyVolatility),
    }),
    skew25Delta: t.float({
      nullable: true,
      description:
        'Implied volatility of the 25-delta put less that of the 25-delta call, as a decimal; null when the contracts do not bracket 25 delta.',
      resolve: (source) => known(deltaSkew(source.chain, sliceOf(source))),
    }),
    expectedMove: t.float({
      nullable: true,
      description: 'One standard deviation of the underlying until expiration, F·IV·√(DTE/365) at the money, quote currency.',
      resolve: ({ chain, index }) => {
        const priced = chain.expirations[index];
        return known(priced ? priced.forward * priced.atTheMoneyVolatility * Math.sqrt(priced.yearFraction) : undefined);
      },
    }),
    maxPain: t.float({
      nullable: true,
      description: 'Strike at which its options would pay out least in total, by open interest; null without open interest.',
      resolve: (source) => known(maxPain(source.chain.snapshot, sliceOf(source))),
    }),
    gammaExposure: t.float({
      nullable: true,
      description: 'Σ gamma · open interest · multiplier · S² · 0.01, calls +, puts -: quote currency per 1 % move; null when unknown.',
      resolve: (source) => known(gammaExposure(source.chain, sliceOf(source))),
    }),
    totals: t.field({
      type: ChainTotalsRef,
      description: 'Contracts traded and open, by right.',
      resolve: (source) => chainTotals(source.chain.snapshot, sliceOf(source)),
    }),
  }),
});

const OptionQuoteRef = builder.objectRef<QuoteSource>('OptionQuote').implement({
  description: 'One contract with its quote and model values. Prices in the quote currency per unit of the underlying; null is unknown.',
  fields: (t) => {
    const quote = (column: 'bid' | 'ask' | 'bidSize' | 'askSize' | 'last' | 'volume' | 'openInterest', description: string) =>
      t.float({ nullable: true, description, resolve: ({ chain, row }) => known(chain.snapshot.quotes[column][row]) });
    const model = (column: 'mark' | 'impliedVolatility' | 'delta' | 'gamma' | 'theta' | 'vega' | 'rho', description: string) =>
      t.float({ nullable: true, description, resolve: ({ chain, row }) => known(chain.columns[column][row]) });
    return {
      symbol: t.string({ description: 'Contract symbol.', resolve: ({ chain, row }) => contractSymbol(chain.snapshot, row) }),
      right: t.field({
        type: OptionRightEnum,
        description: 'Call or put.',
        resolve: ({ chain, row }) => (chain.snapshot.quotes.right[row] === CALL ? 'CALL' : 'PUT'),
      }),
      strike: t.float({ description: 'Strike, quote currency per unit.', resolve: ({ chain, row }) => chain.snapshot.quotes.strike[row]! }),
      bid: quote('bid', 'Bid; null when there is none.'),
      ask: quote('ask', 'Ask; null when there is none.'),
      bidSize: quote('bidSize', 'Contracts at the bid.'),
      askSize: quote('askSize', 'Contracts at the ask.'),
      last: quote('last', 'Last trade.'),
      volume: quote('volume', 'Contracts traded today.'),
      openInterest: quote('openInterest', 'Open contracts.'),
      mark: model('mark', 'Middle of bid and ask.'),
      impliedVolatility: model('impliedVolatility', 'Implied volatility at the mark as a decimal (0.25 = 25 %).'),
      delta: model('delta', 'Delta, per 1.00 of the underlying.'),
      gamma: model('gamma', 'Gamma, per 1.00 of the underlying.'),
      theta: model('theta', 'Theta, quote currency per calendar day.'),
      vega: model('vega', 'Vega, quote currency per +1 volatility point.'),
      rho: model('rho', 'Rho, quote currency per +1 % rate.'),
    };
  },
});

export const OptionChainRef = builder.objectRef<ExpirationSource>('OptionChain').implement({
  description: 'The contracts of one expiration with their quotes.',
  fields: (t) => ({
    expiration: t.field({ type: ExpirationRef, description: 'The expiration.', resolve: (source) => source }),
    quotedAt: t.field({
      type: 'DateTime',
      description: "When the quotes were true by the source's clock, UTC.",
      resolve: ({ chain }) => new Date(chain.snapshot.quotedAtMs),
    }),
    quotes: t.field({
      type: [OptionQuoteRef],
      description:
        'Calls by ascending strike, then puts by ascending strike. As many as the exchange lists: bound them by strike where you can.',
      args: {
        right: t.arg({ type: OptionRightEnum, description: 'Only calls, or only puts.' }),
        strike: t.arg({ type: FloatRangeInput, description: 'Only strikes in this range.' }),
      },
      resolve: (source, { right, strike }) => {
        const { start, putStart, end } = sliceOf(source);
        const strikes = source.chain.snapshot.quotes.strike;
        const quotes: QuoteSource[] = [];
        for (let row = right === 'PUT' ? putStart : start; row < (right === 'CALL' ? putStart : end); row++) {
          if (strikes[row]! < (strike?.min ?? 0) || strikes[row]! > (strike?.max ?? Number.POSITIVE_INFINITY)) continue;
          quotes.push({ chain: source.chain, row });
        }
        return quotes;
      },
    }),
  }),
});
