import type { Evidence } from './recommendation.ts';

/** The evidence whose condition holds. */
export function evidenceOf(
  ...candidates: readonly (readonly [holds: boolean, fact: string, value: number, statement: string])[]
): Evidence[] {
  return candidates.flatMap(([holds, fact, value, statement]) => (holds ? { fact, value, statement } : []));
}
