import { dueSteps } from './due-steps.ts';
import type { EscalationPolicyContent } from './escalation-policy.ts';

/** How often each channel is told of a firing that nobody acknowledges, by the steps of its policy. @param untilMs when it was over, or how far is looked */
export function escalationsOfFiring(
  policy: Pick<EscalationPolicyContent, 'steps' | 'repeats'>,
  firedAtMs: number,
  untilMs: number,
): ReadonlyMap<string, number> {
  const unattended = { status: 'FIRING', escalation: { startedAtMs: firedAtMs, stepsDone: 0 } } as const;
  const told = new Map<string, number>();
  for (const { channelIds } of dueSteps(policy, unattended, untilMs - 1).steps) {
    for (const id of new Set(channelIds)) told.set(id, (told.get(id) ?? 0) + 1);
  }
  return told;
}
