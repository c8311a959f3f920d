import { createAlertEngine } from '../../dist/domain/alerts/alert-engine.js';
import type { AlertRule } from '../../dist/domain/alerts/alert-rule.js';
import type { RuleOutcome } from '../../dist/domain/alerts/rule-outcome.js';
import { START_MS, type TimedEvent } from './alert-events.ts';
import { collectGarbage } from './collect-garbage.ts';

export interface EngineRun {
  readonly microsecondsPerEvent: number;
  /** Evaluations that something came of. */
  readonly outcomes: number;
  /** `rule series from>to@ms`, sorted. */
  readonly transitions: readonly string[];
}

/**
 * The product's engine over the whole stream. Making it and taking over the rules is not measured, and neither is the memory that this leaves to be collected.
 *
 * @param isToldOf whose transitions are wanted
 */
export function runEngine(rules: readonly AlertRule[], events: readonly TimedEvent[], isToldOf: (ruleId: string) => boolean): EngineRun {
  const engine = createAlertEngine({ suppressionOf: () => null });
  const told: RuleOutcome[] = [];
  let outcomes = 0;
  const take = (taken: readonly RuleOutcome[]) => {
    outcomes += taken.length;
    for (const outcome of taken) if (isToldOf(outcome.ruleId)) told.push(outcome);
  };
  for (const rule of rules) take(engine.put(rule, START_MS));
  outcomes = 0;
  collectGarbage();
  const begun = process.cpuUsage();
  for (const { event, atMs } of events) {
    if (engine.nextDeadlineMs() <= atMs) take(engine.due(atMs));
    take(engine.accept(event, atMs));
  }
  const { user, system } = process.cpuUsage(begun);
  return {
    microsecondsPerEvent: (user + system) / events.length,
    outcomes,
    transitions: told
      .flatMap(({ ruleId, seriesKey, transitions }) =>
        transitions.map(({ from, to, atMs }) => `${ruleId} ${seriesKey} ${from}>${to}@${atMs}`),
      )
      .toSorted(),
  };
}
