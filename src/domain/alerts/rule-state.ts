export const RULE_PHASES = ['NORMAL', 'PENDING', 'FIRING', 'RECOVERING'] as const;
/** NORMAL: nothing. PENDING: the condition holds, not long enough yet. FIRING: there is an alert. RECOVERING: there still is, though the condition has ended. */
export type RulePhase = (typeof RULE_PHASES)[number];

/** What receivers were told last. */
export interface Told {
  readonly episode: number;
  readonly matches: number;
  readonly isFiring: boolean;
  readonly atMs: number;
}

/** Where one series of one rule stands. Plain JSON; moments are epoch milliseconds by the clock of the evaluator. Never changed in place. */
export interface RuleState {
  readonly version: 1;
  /** The revision of the rule it was evaluated by; 0: none yet. */
  readonly ruleRevision: number;
  readonly phase: RulePhase;
  /** When the phase began. */
  readonly sinceMs: number;
  /** The newest moment the evaluation knows of. */
  readonly clockMs: number;
  /** Of the newest sample; its moment is by whoever measured. */
  readonly sampleId: string | null;
  readonly sampleAtMs: number | null;
  /** The newest known value; null for conditions that aren't about a number. */
  readonly value: number | null;
  /** Outcomes of the last samples, oldest first, '1' where the condition held; null without N in M. */
  readonly hits: string | null;
  /** When the condition was last seen to hold. */
  readonly metAtMs: number | null;
  /** Since when the rule is evaluated without a break; null outside its active windows. */
  readonly activeSinceMs: number | null;
  /** Counts the alerts of the series. */
  readonly episode: number;
  /** How often the condition was met anew in this alert. */
  readonly matches: number;
  /** Null: nothing yet. */
  readonly told: Told | null;
  /** Somebody has resolved the alert while the condition held: it must end before it can fire again. */
  readonly isLatched: boolean;
  /** Digests of what is in the screen. */
  readonly members: readonly string[];
}

export function initialRuleState(nowMs: number): RuleState {
  return {
    version: 1,
    ruleRevision: 0,
    phase: 'NORMAL',
    sinceMs: nowMs,
    clockMs: nowMs,
    sampleId: null,
    sampleAtMs: null,
    value: null,
    hits: null,
    metAtMs: null,
    activeSinceMs: null,
    episode: 0,
    matches: 0,
    told: null,
    isLatched: false,
    members: [],
  };
}

/** Whether there is an alert. */
export function isAlerting({ phase }: RuleState): boolean {
  return phase === 'FIRING' || phase === 'RECOVERING';
}

/** Whether losing the difference in a crash would change what happens next; times of samples and the last value come again by themselves. */
export function needsSaving(before: RuleState | null, after: RuleState): boolean {
  if (before === null) return forgettableFrom(after, 0) === Number.POSITIVE_INFINITY || after.told !== null;
  return (
    before.phase !== after.phase ||
    before.ruleRevision !== after.ruleRevision ||
    before.sinceMs !== after.sinceMs ||
    before.episode !== after.episode ||
    before.matches !== after.matches ||
    before.hits !== after.hits ||
    before.isLatched !== after.isLatched ||
    before.told !== after.told ||
    before.members !== after.members
  );
}

/** From when on a series may be forgotten because it would begin again as it is, epoch milliseconds; Infinity: not before something happens. */
export function forgettableFrom({ phase, told, isLatched, members, hits }: RuleState, throttleMs: number): number {
  const isBlank = phase === 'NORMAL' && !isLatched && members.length === 0 && (hits === null || !hits.includes('1'));
  if (!isBlank || told?.isFiring) return Number.POSITIVE_INFINITY;
  return told === null ? Number.NEGATIVE_INFINITY : told.atMs + throttleMs;
}

/**
 * The state as an evaluator with an earlier clock sees it: all moments of the evaluator's clock move back with it, so that durations go on from where they were and
 * a jump forth and back costs what it measured, not more.
 */
export function withClock(state: RuleState, nowMs: number): RuleState {
  const back = state.clockMs - nowMs;
  if (back === 0) return state;
  if (back < 0) return { ...state, clockMs: nowMs };
  return {
    ...state,
    clockMs: nowMs,
    sinceMs: state.sinceMs - back,
    metAtMs: state.metAtMs === null ? null : state.metAtMs - back,
    activeSinceMs: state.activeSinceMs === null ? null : state.activeSinceMs - back,
    told: state.told && { ...state.told, atMs: state.told.atMs - back },
  };
}
