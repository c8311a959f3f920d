import { STRATEGY_IDS, type StrategyId } from './strategy-id.ts';

/** The number of a strategy in a candidate's `strategy` column. */
export function strategyCode(id: StrategyId): number {
  return STRATEGY_IDS.indexOf(id);
}
