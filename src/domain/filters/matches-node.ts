import type { MetricValues } from '../candidates/metric.ts';
import { STRATEGY_IDS, type StrategyId } from '../strategies/strategy-id.ts';
import { type FilterNode, passesSet } from './filter-node.ts';

/** What criteria look at in one stored result; a ScanResult is one. */
export interface FilterSubject {
  readonly symbol: string;
  readonly strategy: StrategyId;
  /** `YYYY-MM-DD`. */
  readonly expiration: string;
  readonly metrics: MetricValues;
}

/** The meaning of createRowNarrower, for one result. */
export function matchesNode(node: FilterNode, subject: FilterSubject): boolean {
  const { symbol, strategy, expiration, metrics } = subject;
  if (node.symbols && !passesSet(node.symbols, symbol)) return false;
  if (node.strategies && node.strategies[STRATEGY_IDS.indexOf(strategy)] !== 1) return false;
  if (node.expiration && !(expiration >= node.expiration.min && expiration <= node.expiration.max)) return false;
  for (const { metric, min, max } of node.ranges) {
    const value = metrics[metric];
    if (value === null || !(value >= min && value <= max)) return false;
  }
  for (const { metric, isNull } of node.nullTests) if ((metrics[metric] === null) !== isNull) return false;
  return (
    node.all.every((group) => matchesNode(group, subject)) &&
    (node.any.length === 0 || node.any.some((group) => matchesNode(group, subject))) &&
    !node.none.some((group) => matchesNode(group, subject))
  );
}
