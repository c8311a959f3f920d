import type { Viewer } from '../../domain/access/viewer.ts';
import { type LimitedRole, type LimitPolicy, type Limits, limitsFor } from '../../domain/limits/limit-policy.ts';

/** What each viewer is granted. Asked for every operation: the answer is the same object for the same roles. */
export type LimitsOf = (viewer: Pick<Viewer, 'kind' | 'roles'>) => Limits;

export function createLimitsOf(policy: LimitPolicy): LimitsOf {
  const known = new Map<string, Limits>();
  return ({ kind, roles }) => {
    const limited: readonly LimitedRole[] = kind === 'LOCAL' ? ['LOCAL'] : roles;
    const key = limited.length === 1 ? limited[0]! : limited.join();
    let limits = known.get(key);
    if (!limits) {
      limits = Object.freeze(limitsFor(limited, policy));
      known.set(key, limits);
    }
    return limits;
  };
}
