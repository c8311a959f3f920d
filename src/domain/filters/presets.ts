import { STRATEGIES } from '../strategies/strategies.ts';
import type { FilterCriteria } from './filter-criteria.ts';

/** A filter that ships with the product. It becomes an ordinary filter, revision 1, where it does not exist yet. */
export interface FilterPreset {
  /** Stable; the name may be changed by its users. */
  readonly key: string;
  readonly name: string;
  readonly description: string;
  readonly criteria: FilterCriteria;
}

const DEFINED_RISK = STRATEGIES.filter((strategy) => strategy.definedRisk).map((strategy) => strategy.id);
const SHORT_PREMIUM = STRATEGIES.filter((strategy) => strategy.shortPremium).map((strategy) => strategy.id);

export const FILTER_PRESETS: readonly FilterPreset[] = [
  {
    key: 'conservative',
    name: 'Conservative',
    description:
      'Cash-secured puts, covered calls and bull put spreads 30 to 60 days out, short delta 0.10 to 0.20, at least 80 % probability of profit, liquid contracts only.',
    criteria: {
      strategies: { in: ['CASH_SECURED_PUT', 'COVERED_CALL', 'BULL_PUT_SPREAD'] },
      metrics: {
        daysToExpiration: { min: 30, max: 60 },
        shortDelta: { min: 0.1, max: 0.2 },
        probabilityOfProfit: { min: 0.8 },
        openInterest: { min: 500 },
        spreadPercent: { max: 0.05 },
      },
    },
  },
  {
    key: 'moderate',
    name: 'Moderate',
    description:
      'Vertical spreads and iron condors 21 to 50 days out, short delta 0.20 to 0.30, at least 65 % probability of profit and 20 % return on risk.',
    criteria: {
      strategies: { in: ['BULL_CALL_SPREAD', 'BEAR_PUT_SPREAD', 'BULL_PUT_SPREAD', 'BEAR_CALL_SPREAD', 'IRON_CONDOR'] },
      metrics: {
        daysToExpiration: { min: 21, max: 50 },
        shortDelta: { min: 0.2, max: 0.3 },
        probabilityOfProfit: { min: 0.65 },
        returnOnRisk: { min: 0.2 },
      },
    },
  },
  {
    key: 'aggressive',
    name: 'Aggressive',
    description: 'Any defined-risk strategy 7 to 45 days out, short delta 0.30 to 0.45, at least 40 % return on risk.',
    criteria: {
      strategies: { in: DEFINED_RISK },
      metrics: {
        daysToExpiration: { min: 7, max: 45 },
        shortDelta: { min: 0.3, max: 0.45 },
        returnOnRisk: { min: 0.4 },
      },
    },
  },
  {
    key: 'high-iv',
    name: 'High IV',
    description:
      'Any strategy where volatility is high, by IV rank 50 or more (implied volatility 45 % or more while there is no history), and contracts change hands: volume at least a fifth of open interest.',
    criteria: {
      metrics: { volumeToOpenInterest: { min: 0.2 } },
      any: [{ metrics: { ivRank: { min: 50 } } }, { metrics: { ivRank: { isNull: true }, impliedVolatility: { min: 0.45 } } }],
    },
  },
  {
    key: 'theta-harvest',
    name: 'Theta Harvest',
    description:
      'Short premium 14 to 45 days out that earns at least 2 % of its credit per day by time decay, short delta up to 0.30, spread up to 8 %.',
    criteria: {
      strategies: { in: SHORT_PREMIUM },
      metrics: {
        daysToExpiration: { min: 14, max: 45 },
        thetaYield: { min: 0.02 },
        shortDelta: { max: 0.3 },
        spreadPercent: { max: 0.08 },
      },
    },
  },
];
