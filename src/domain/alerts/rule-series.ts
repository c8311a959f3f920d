import type { GroupValues } from './alert-rule.ts';
import type { CompiledRule } from './compiled-rule.ts';
import type { RuleState } from './rule-state.ts';

/** A rule in the engine, and its series. */
export interface RuleEntry {
  compiled: CompiledRule;
  /** Whether events can reach it: not one that is disabled, deleted or expired. */
  isIndexed: boolean;
  /** By the key of the series. */
  readonly series: Map<string, RuleSeries>;
}

/** One series of a rule in the engine. */
export interface RuleSeries {
  readonly entry: RuleEntry;
  readonly key: string;
  readonly group: GroupValues;
  state: RuleState;
}

/** Series of numbers have one group value. */
export function subjectOf(group: GroupValues): string {
  return Object.values(group)[0] ?? '';
}
