import { type AlertEngine, createAlertEngine } from './alert-engine.ts';
import type { AlertEvent } from './alert-event.ts';
import type { AlertRule, GroupValues } from './alert-rule.ts';
import type { Notice } from './decide-notification.ts';
import type { RuleOutcome } from './rule-outcome.ts';
import type { TransitionReason } from './rule-transition.ts';

/** From the moment an alert would have begun until it would have been over. */
export interface BacktestFiring {
  /** Counts the firings of the backtest, from 1. */
  readonly number: number;
  readonly seriesKey: string;
  readonly group: GroupValues;
  /** Epoch milliseconds. */
  readonly firedAtMs: number;
  /** Null while it goes on, also beyond the end of what was looked at. */
  readonly resolvedAtMs: number | null;
  readonly resolveReason: TransitionReason | null;
  /** When it fired, in the unit of the rule's number; null for conditions that aren't about one. */
  readonly value: number | null;
  /** How often the condition was met anew. */
  readonly matches: number;
  /** Over sooner than the shortest firing that is worth telling. */
  readonly isFlap: boolean;
}

/** What each channel of the rule would have been told. */
export type BacktestNotices = Readonly<Record<Notice, number>>;

export interface BacktestCounts {
  readonly firings: number;
  readonly flaps: number;
  /** Firings that go on. */
  readonly open: number;
  readonly notices: BacktestNotices;
}

export interface RuleBacktestDeps {
  readonly rule: AlertRule;
  /** Firings shorter than this are flaps, milliseconds. */
  readonly flapBelowMs: number;
  /** When what is looked at begins, epoch milliseconds. */
  readonly fromMs: number;
}

/**
 * What a rule would have done: the same state machine as the live one, over events of the past. Nobody silences, acknowledges or resolves, and it begins with nothing
 * known, as a rule does that is new.
 */
export interface RuleBacktest {
  /** Events in the order of their moments. */
  accept(event: AlertEvent, atMs: number): void;
  /** Lets time pass up to the moment, inclusive. */
  passTime(untilMs: number): void;
  counts(): BacktestCounts;
  /** Firings that have begun, met their condition again or ended since the last call, by number. */
  takeChanged(): BacktestFiring[];
}

export function createRuleBacktest({ rule, flapBelowMs, fromMs }: RuleBacktestDeps): RuleBacktest {
  const engine: AlertEngine = createAlertEngine({ suppressionOf: () => null });
  const open = new Map<string, BacktestFiring>();
  const changed = new Map<number, BacktestFiring>();
  const notices: Record<Notice, number> = { FIRED: 0, AGAIN: 0, RESOLVED: 0 };
  let firings = 0;
  let flaps = 0;

  function put(firing: BacktestFiring): void {
    changed.set(firing.number, firing);
    if (firing.resolvedAtMs === null) open.set(firing.seriesKey, firing);
    else open.delete(firing.seriesKey);
  }

  function take({ seriesKey, group, state, transitions, notify }: RuleOutcome): void {
    for (const { to, reason, atMs } of transitions) {
      const firing = open.get(seriesKey);
      if (to === 'FIRING' && !firing) {
        const { value, matches } = state;
        const begun = { number: ++firings, seriesKey, group, firedAtMs: atMs, value, matches };
        put({ ...begun, resolvedAtMs: null, resolveReason: null, isFlap: false });
      } else if (to === 'NORMAL' && firing) {
        const isFlap = atMs - firing.firedAtMs < flapBelowMs;
        if (isFlap) flaps++;
        put({ ...firing, resolvedAtMs: atMs, resolveReason: reason, isFlap });
      }
    }
    const firing = open.get(seriesKey);
    if (firing && firing.matches !== state.matches) put({ ...firing, matches: state.matches });
    if (notify.send !== null) notices[notify.send]++;
  }

  function passTime(untilMs: number): void {
    for (let atMs = engine.nextDeadlineMs(); atMs <= untilMs; atMs = engine.nextDeadlineMs())
      for (const told of engine.due(atMs)) take(told);
  }

  for (const told of engine.put({ ...rule, enabled: true, deletedAtMs: null, expiresAtMs: null }, fromMs)) take(told);
  return {
    accept(event, atMs) {
      // What is due at the moment of an event is before it, as for the state machine.
      passTime(atMs);
      for (const told of engine.accept(event, atMs)) take(told);
    },
    passTime,
    counts: () => ({ firings, flaps, open: open.size, notices: { ...notices } }),
    takeChanged() {
      const list = [...changed.values()].toSorted((left, right) => left.number - right.number);
      changed.clear();
      return list;
    },
  };
}
