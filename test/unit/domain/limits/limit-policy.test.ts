import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  greatestLimits,
  LIMIT_NAMES,
  LIMITED_ROLES,
  LIMITS,
  type LimitPolicy,
  type Limits,
  limitsFor,
} from '../../../../src/domain/limits/limit-policy.ts';
import { aLimitPolicy, GENEROUS_LIMITS } from '../../../support/a-limit-policy.ts';

const someLimits: fc.Arbitrary<Limits> = fc.record({
  ...(Object.fromEntries(LIMIT_NAMES.map((name) => [name, fc.integer({ min: LIMITS[name].least, max: LIMITS[name].greatest })])) as {
    [Name in (typeof LIMIT_NAMES)[number]]: fc.Arbitrary<number>;
  }),
  introspection: fc.boolean(),
});
const somePolicy: fc.Arbitrary<LimitPolicy> = fc.record({
  defaults: someLimits,
  roles: fc.dictionary(
    fc.constantFrom(...LIMITED_ROLES),
    someLimits.chain((limits) =>
      fc.subarray(Object.keys(limits)).map((names) => Object.fromEntries(names.map((name) => [name, limits[name as keyof Limits]]))),
    ),
  ),
});
const someRoles = fc.subarray([...LIMITED_ROLES], { minLength: 1 });

describe('limits', () => {
  it('are the defaults where a role has none of its own', () => {
    const policy = aLimitPolicy({ depth: 7 }, { TRADER: { cost: 5 } });
    expect(limitsFor(['TRADER'], policy)).toEqual({ ...GENEROUS_LIMITS, depth: 7, cost: 5 });
    expect(limitsFor(['ANALYST'], policy)).toEqual({ ...GENEROUS_LIMITS, depth: 7 });
    expect(limitsFor([], policy)).toEqual({ ...GENEROUS_LIMITS, depth: 7 });
  });

  it('of several roles are the most generous of each, whatever their order', () => {
    const policy = aLimitPolicy(
      {},
      { TRADER: { depth: 3, cost: 9, introspection: false }, DEVELOPER: { depth: 5, cost: 2, introspection: false } },
    );
    expect(limitsFor(['TRADER', 'DEVELOPER'], policy)).toMatchObject({ depth: 5, cost: 9, introspection: false });
    expect(limitsFor(['DEVELOPER', 'TRADER'], policy)).toEqual(limitsFor(['TRADER', 'DEVELOPER'], policy));
    expect(limitsFor(['TRADER', 'ANALYST'], policy)).toMatchObject({ depth: GENEROUS_LIMITS.depth, introspection: true });
  });

  it('never shrink with another role, and never beyond those of all roles', () => {
    fc.assert(
      fc.property(somePolicy, someRoles, fc.constantFrom(...LIMITED_ROLES), (policy, roles, another) => {
        const fewer = limitsFor(roles, policy);
        const more = limitsFor([...roles, another], policy);
        const greatest = greatestLimits(policy);
        for (const name of LIMIT_NAMES) {
          expect(more[name]).toBeGreaterThanOrEqual(fewer[name]);
          expect(greatest[name]).toBeGreaterThanOrEqual(more[name]);
        }
        expect(Number(more.introspection)).toBeGreaterThanOrEqual(Number(fewer.introspection));
      }),
    );
  });

  it('let at least the operations of a second come at once', () => {
    fc.assert(
      fc.property(somePolicy, someRoles, (policy, roles) => {
        const { burst, operationsPerSecond } = limitsFor(roles, policy);
        expect(burst).toBeGreaterThanOrEqual(operationsPerSecond);
      }),
    );
  });
});
