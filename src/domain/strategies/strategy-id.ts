/** Every strategy the scanner knows. The position in this list is the code in a candidate's `strategy` column: append only. */
export const STRATEGY_IDS = [
  'LONG_CALL',
  'LONG_PUT',
  'COVERED_CALL',
  'CASH_SECURED_PUT',
  'BULL_CALL_SPREAD',
  'BEAR_PUT_SPREAD',
  'BULL_PUT_SPREAD',
  'BEAR_CALL_SPREAD',
  'IRON_CONDOR',
  'SHORT_STRANGLE',
  'LONG_STRANGLE',
  'SHORT_STRADDLE',
  'LONG_STRADDLE',
] as const;
export type StrategyId = (typeof STRATEGY_IDS)[number];
