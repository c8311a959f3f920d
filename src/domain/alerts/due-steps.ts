import type { Alert } from './alert.ts';
import type { EscalationPolicyContent } from './escalation-policy.ts';

/** A step of an escalation that is to be done. */
export interface DueStep {
  /** Counts the steps of all rounds from 0: with the alert and the start of its escalation it names the step whoever does it. */
  readonly ordinal: number;
  readonly round: number;
  readonly stepIndex: number;
  /** Epoch milliseconds. */
  readonly dueAtMs: number;
  readonly channelIds: readonly string[];
}

export interface EscalationSchedule {
  /** In order; more than one when nobody looked for some time. */
  readonly steps: readonly DueStep[];
  /** When the next one is due, epoch milliseconds; null: none, unless the alert changes. */
  readonly nextAtMs: number | null;
}

/** The steps that are due now and have not been done. Whoever acknowledges, snoozes or resolves the alert stops them. */
export function dueSteps(
  { steps, repeats }: Pick<EscalationPolicyContent, 'steps' | 'repeats'>,
  { status, escalation }: Pick<Alert, 'status' | 'escalation'>,
  nowMs: number,
): EscalationSchedule {
  if (status !== 'FIRING' || steps.length === 0) return { steps: [], nextAtMs: null };
  const due: DueStep[] = [];
  let dueAtMs = escalation.startedAtMs;
  for (let ordinal = 0; ordinal < steps.length * (repeats + 1); ordinal++) {
    const stepIndex = ordinal % steps.length;
    const { delayMs, channelIds } = steps[stepIndex]!;
    dueAtMs += delayMs;
    if (dueAtMs > nowMs) return { steps: due, nextAtMs: dueAtMs };
    if (ordinal >= escalation.stepsDone) due.push({ ordinal, round: Math.floor(ordinal / steps.length), stepIndex, dueAtMs, channelIds });
  }
  return { steps: due, nextAtMs: null };
}
