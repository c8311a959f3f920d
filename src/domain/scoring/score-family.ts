import { STRATEGY_IDS, type StrategyId } from '../strategies/strategy-id.ts';

/**
 * Strategies that are good for the same reasons. They are not scored alike, because what is good for a seller is bad for a buyer: a bought option nearly always has
 * a probability of profit below one half, loses by time and wants cheap volatility. Scored as short premium, every one of them would look poor.
 */
export const SCORE_FAMILIES = ['SECURED', 'CREDIT_SPREAD', 'NAKED', 'DEBIT_SPREAD', 'LONG_PREMIUM'] as const;
export type ScoreFamily = (typeof SCORE_FAMILIES)[number];

const FAMILY_OF: Readonly<Record<StrategyId, ScoreFamily>> = {
  LONG_CALL: 'LONG_PREMIUM',
  LONG_PUT: 'LONG_PREMIUM',
  COVERED_CALL: 'SECURED',
  CASH_SECURED_PUT: 'SECURED',
  BULL_CALL_SPREAD: 'DEBIT_SPREAD',
  BEAR_PUT_SPREAD: 'DEBIT_SPREAD',
  BULL_PUT_SPREAD: 'CREDIT_SPREAD',
  BEAR_CALL_SPREAD: 'CREDIT_SPREAD',
  IRON_CONDOR: 'CREDIT_SPREAD',
  SHORT_STRANGLE: 'NAKED',
  LONG_STRANGLE: 'LONG_PREMIUM',
  SHORT_STRADDLE: 'NAKED',
  LONG_STRADDLE: 'LONG_PREMIUM',
};

/** By strategy code. */
export const FAMILY_BY_CODE: readonly ScoreFamily[] = STRATEGY_IDS.map((id) => FAMILY_OF[id]);
