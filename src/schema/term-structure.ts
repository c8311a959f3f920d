import { type TermPoint, termStructure } from '../domain/analytics/term-structure.ts';
import { constantMaturityVolatility } from '../domain/pricing/constant-maturity-volatility.ts';
import type { PricedChain } from '../domain/pricing/priced-chain.ts';
import { knownOrNull } from '../domain/results/known-or-null.ts';
import { builder } from './builder.ts';
import { ExpirationRef } from './option-chain.ts';

interface TermPointSource {
  readonly chain: PricedChain;
  readonly point: TermPoint;
}

const TermPointRef = builder.objectRef<TermPointSource>('TermPoint').implement({
  description: 'What one expiration says of volatility. Null: unknown.',
  fields: (t) => {
    const value = (name: keyof TermPoint, description: string) =>
      t.float({ nullable: true, description, resolve: ({ point }) => knownOrNull(point[name]) });
    return {
      expiration: t.field({
        type: ExpirationRef,
        description: 'The expiration.',
        resolve: ({ chain, point }) => ({ chain, index: point.expirationIndex }),
      }),
      daysToExpiration: value('daysToExpiration', 'Calendar days from the quotes to expiration, fractional.'),
      forward: value('forward', 'Forward price, quote currency per unit.'),
      atTheMoneyVolatility: value('atTheMoneyVolatility', 'Implied volatility at the forward, decimal.'),
      skew25Delta: value('skew25Delta', 'Implied volatility of the 25-delta put less that of the 25-delta call, decimal.'),
      expectedMove: value('expectedMove', 'One standard deviation until expiration, F·IV·√(DTE/365), quote currency.'),
    };
  },
});

const TermShapeEnum = builder.enumType('TermShape', {
  description: 'How volatility goes with time to expiration.',
  values: {
    CONTANGO: { description: 'Volatility at 60 days is above that at 30 days by half a point or more.' },
    FLAT: { description: 'Neither.' },
    BACKWARDATION: { description: 'It is below by half a point or more: something is expected soon.' },
  },
});

/** The interpolation of maturities errs by less. */
const FLAT_BELOW = 0.005;

export const TermStructureRef = builder.objectRef<PricedChain>('TermStructure').implement({
  description: 'Volatility by time to expiration, of the newest chain.',
  fields: (t) => ({
    quotedAt: t.field({
      type: 'DateTime',
      description: "When the quotes were true by the source's clock, UTC.",
      resolve: ({ snapshot }) => new Date(snapshot.quotedAtMs),
    }),
    slope: t.float({
      nullable: true,
      description: 'Implied volatility at 60 days less that at 30 days, decimal; null when the chain does not bracket both.',
      resolve: (chain) => knownOrNull(slopeOf(chain)),
    }),
    shape: t.field({
      type: TermShapeEnum,
      nullable: true,
      description: 'By that slope.',
      resolve: (chain) => {
        const slope = slopeOf(chain);
        if (Number.isNaN(slope)) return null;
        if (Math.abs(slope) < FLAT_BELOW) return 'FLAT';
        return slope > 0 ? 'CONTANGO' : 'BACKWARDATION';
      },
    }),
    points: t.field({
      type: [TermPointRef],
      description: 'The expirations that could be priced, nearest first.',
      resolve: (chain) => termStructure(chain).map((point) => ({ chain, point })),
    }),
  }),
});

function slopeOf(chain: PricedChain): number {
  return constantMaturityVolatility(chain, 60) - constantMaturityVolatility(chain, 30);
}
