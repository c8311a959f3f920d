import { type CompiledFilter, compileFilter } from '../filters/compile-filter.ts';
import type { AlertRule } from './alert-rule.ts';
import { type CompiledTimeWindows, compileTimeWindows } from './compile-time-windows.ts';
import type { Level } from './rule-condition.ts';
import { numberOf, type SeriesTransform, transformKey } from './series-transform.ts';

/** A rule ready to be evaluated. */
export interface CompiledRule {
  readonly rule: AlertRule;
  /** Null: always. */
  readonly active: CompiledTimeWindows | null;
  /** Null: never. */
  readonly mute: CompiledTimeWindows | null;
  /** Null for conditions that aren't about a number. */
  readonly level: Level | null;
  readonly transform: SeriesTransform | null;
  /** Names the transform. */
  readonly transformKey: string;
  /** The criteria of a screen; null for the other conditions. */
  readonly screen: CompiledFilter | null;
  /** How long a moment at which the condition held counts; null: until it ends. */
  readonly holdMs: number | null;
}

export function compileRule(rule: AlertRule): CompiledRule {
  const { condition } = rule;
  const number = numberOf(condition);
  const isScreen = condition.kind === 'MATCH' || condition.kind === 'ENTER_EXIT';
  const isHeld = condition.kind === 'MATCH' || (condition.kind === 'ENTER_EXIT' && condition.on !== 'ENTER');
  return {
    rule,
    active: rule.activeWindows.length > 0 ? compileTimeWindows(rule.activeWindows) : null,
    mute: rule.muteWindows.length > 0 ? compileTimeWindows(rule.muteWindows) : null,
    level: number?.level ?? null,
    transform: number?.transform ?? null,
    transformKey: number ? transformKey(number.transform) : '',
    screen: isScreen ? compileFilter(condition.criteria) : null,
    holdMs: isHeld ? condition.holdMs : null,
  };
}
