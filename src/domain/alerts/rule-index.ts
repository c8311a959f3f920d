import type { AlertEvent } from './alert-event.ts';
import type { CompiledRule } from './compiled-rule.ts';
import { createNumberIndex, type NumberIndex } from './number-index.ts';
import type { Screen } from './rule-condition.ts';
import { createScreenIndex, type ScreenSubject } from './screen-index.ts';
import type { SeriesSource } from './series-source.ts';

/** Which rules an event can concern, without trying each. */
export interface RuleIndex {
  readonly numbers: NumberIndex;
  add(rule: CompiledRule): void;
  remove(rule: CompiledRule): void;
  /** The rules of matches that the result passes, and those that count all results of their screen. */
  results(subject: ScreenSubject, visit: (rule: CompiledRule, isMatch: boolean) => void): void;
  /** The rules of entering and leaving whose screen the opportunity is in. */
  screens(subject: ScreenSubject, visit: (rule: CompiledRule) => void): void;
  /** The rules of absence that watch the series. */
  absences(sample: Extract<AlertEvent, { kind: 'METRIC' }>['sample'], visit: (rule: CompiledRule) => void): void;
}

export function createRuleIndex(): RuleIndex {
  const numbers = createNumberIndex();
  const matches = createScreenIndex<CompiledRule>();
  const counted = createScreenIndex<CompiledRule>();
  const screens = createScreenIndex<CompiledRule>();
  const absences = new Map<string, Set<CompiledRule>>();

  function place(compiled: CompiledRule, how: 'add' | 'remove'): void {
    const { condition, occurrences } = compiled.rule;
    if (condition.kind === 'MATCH') (occurrences ? counted : matches)[how](condition, compiled);
    else if (condition.kind === 'ENTER_EXIT') screens[how](condition, compiled);
    else if (condition.kind === 'ABSENCE') placeAbsence(condition.source, compiled, how);
    else numbers[how](compiled);
  }

  function placeAbsence({ of, metric, subject }: SeriesSource, compiled: CompiledRule, how: 'add' | 'remove'): void {
    const key = absenceKey(of, metric, subject);
    const rules = absences.get(key) ?? new Set();
    if (how === 'add') absences.set(key, rules.add(compiled));
    else if (rules.delete(compiled) && rules.size === 0) absences.delete(key);
  }

  return {
    numbers,
    add: (rule) => place(rule, 'add'),
    remove: (rule) => place(rule, 'remove'),
    results(subject, visit) {
      matches.candidates(subject, (rule) => {
        if (rule.screen!.matches(subject)) visit(rule, true);
      });
      counted.concerned(subject, (rule) => {
        if (passesSets(rule, subject)) visit(rule, rule.screen!.matches(subject));
      });
    },
    screens(subject, visit) {
      screens.candidates(subject, (rule) => {
        if (rule.screen!.matches(subject)) visit(rule);
      });
    },
    absences({ of, metric, subject }, visit) {
      for (const key of [absenceKey(of, metric, subject), absenceKey(of, metric, null)]) {
        for (const rule of absences.get(key) ?? []) visit(rule);
      }
    },
  };
}

function absenceKey(of: string, metric: string, subject: string | null): string {
  return JSON.stringify([of, metric, subject]);
}

/** N in M counts the results a rule is about by name; of these the metrics decide. */
function passesSets({ rule }: CompiledRule, { symbol, strategy }: ScreenSubject): boolean {
  const { symbols, strategies } = (rule.condition as Screen).criteria;
  const passes = <T>(set: { readonly in?: readonly T[]; readonly notIn?: readonly T[] } | undefined, value: T) =>
    set === undefined || ((set.in === undefined || set.in.includes(value)) && !set.notIn?.includes(value));
  return passes(symbols, symbol) && passes(strategies, strategy);
}
