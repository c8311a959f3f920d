import { chainTotals } from '../domain/analytics/chain-totals.ts';
import { gammaExposure } from '../domain/analytics/gamma-exposure.ts';
import { maxPain } from '../domain/analytics/max-pain.ts';
import { skewAtMaturity, termStructure } from '../domain/analytics/term-structure.ts';
import { ValidationError } from '../domain/errors/validation-error.ts';
import { constantMaturityVolatility } from '../domain/pricing/constant-maturity-volatility.ts';
import { knownOrNull } from '../domain/results/known-or-null.ts';
import { builder } from '../schema/builder.ts';
import { ChainTotalsRef } from '../schema/option-chain.ts';
import { TermStructureRef } from '../schema/term-structure.ts';
import { UnderlyingRef } from '../schema/underlying.ts';

const UNSCANNED = 'Null until this server process has scanned it';

/** What the newest chain says; each is computed when it is asked for. */
builder.objectFields(UnderlyingRef, (t) => ({
  termStructure: t.field({
    type: TermStructureRef,
    nullable: true,
    description: `Volatility by time to expiration. ${UNSCANNED}.`,
    resolve: ({ symbol }, _arguments, { services }) => services.underlyings.latestChain(symbol),
  }),
  skew: t.float({
    nullable: true,
    description: `Implied volatility of the 25-delta put less that of the 25-delta call at a constant maturity, decimal. ${UNSCANNED}, or when no expiration is near enough.`,
    args: { days: t.arg.float({ defaultValue: 30, required: true, description: 'Maturity, calendar days, 1 to 1,000.' }) },
    resolve: ({ symbol }, { days }, { services }) => {
      const chain = services.underlyings.latestChain(symbol);
      return chain ? knownOrNull(skewAtMaturity(termStructure(chain), maturity(days))) : null;
    },
  }),
  expectedMove: t.float({
    nullable: true,
    description: `One standard deviation over a number of days, S·IV·√(days/365) with the at-the-money volatility of that maturity, quote currency. ${UNSCANNED}, or when its expirations do not bracket the maturity.`,
    args: { days: t.arg.float({ defaultValue: 30, required: true, description: 'Calendar days, 1 to 1,000.' }) },
    resolve: ({ symbol }, { days }, { services }) => {
      const chain = services.underlyings.latestChain(symbol);
      const maturityDays = maturity(days);
      if (!chain) return null;
      return knownOrNull(chain.snapshot.underlyingPrice * constantMaturityVolatility(chain, maturityDays) * Math.sqrt(maturityDays / 365));
    },
  }),
  maxPain: t.float({
    nullable: true,
    description: `Strike at which the options of an expiration date would pay out least in total, by open interest; where several roots expire then, of the one with the most contracts. ${UNSCANNED}, without such an expiration or without open interest.`,
    args: { expiration: t.arg({ type: 'Date', description: 'Date of expiration; by default the nearest.' }) },
    resolve: ({ symbol }, { expiration }, { services }) => {
      const snapshot = services.underlyings.latestChain(symbol)?.snapshot;
      const date = expiration?.toISOString().slice(0, 10) ?? snapshot?.expirations[0]?.date;
      // Of several roots on one date the one with the most contracts, as of `chain`.
      const [largest] = (snapshot?.expirations ?? [])
        .filter((slice) => slice.date === date)
        .sort((a, b) => b.end - b.start - (a.end - a.start));
      return snapshot && largest ? knownOrNull(maxPain(snapshot, largest)) : null;
    },
  }),
  gammaExposure: t.float({
    nullable: true,
    description: `Σ gamma · open interest · multiplier · S² · 0.01 over the chain, calls +, puts -: quote currency per 1 % move. ${UNSCANNED}, or without open interest.`,
    resolve: ({ symbol }, _arguments, { services }) => {
      const chain = services.underlyings.latestChain(symbol);
      return chain ? knownOrNull(gammaExposure(chain)) : null;
    },
  }),
  putCallRatio: t.field({
    type: ChainTotalsRef,
    nullable: true,
    description: `Puts against calls over the chain, traded and open. ${UNSCANNED}.`,
    resolve: ({ symbol }, _arguments, { services }) => {
      const chain = services.underlyings.latestChain(symbol);
      return chain && chainTotals(chain.snapshot);
    },
  }),
}));

/** @throws ValidationError */
function maturity(days: number): number {
  if (days >= 1 && days <= 1_000) return days;
  throw new ValidationError([{ path: 'days', message: `expected 1 to 1000 days, got ${days}` }]);
}
