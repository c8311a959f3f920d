import { describe, expect, it } from 'vitest';
import { limitPolicy } from '../../../src/app/limit-policy.ts';
import { ConfigError } from '../../../src/config/config-error.ts';
import { limitsFor } from '../../../src/domain/limits/limit-policy.ts';
import { configOf } from './load.ts';

function issuesOf(options: Parameters<typeof configOf>[0]): readonly { source: string; message: string }[] {
  try {
    configOf(options);
  } catch (error) {
    if (error instanceof ConfigError) return error.issues;
    throw error;
  }
  return [];
}

describe('limits of roles', () => {
  it('come from YAML, or as JSON from the environment, which wins', () => {
    const yaml = 'limits:\n  roles:\n    TRADER:\n      operationsPerSecond: 20\n      introspection: no\n    ANALYST:\n';
    expect(configOf({ yaml }).limits.roles).toEqual({ TRADER: { operationsPerSecond: 20, introspection: false }, ANALYST: {} });
    const env = { LIMITS_ROLES: '{"ADMIN":{"depth":9}}' };
    expect(configOf({ yaml, env }).limits.roles).toEqual({ ADMIN: { depth: 9 } });
    expect(configOf({}).limits.roles).toEqual({});
  });

  it('are refused with everything that is wrong, and the names that were meant', () => {
    const roles = { TRADR: { depth: 9 }, ADMIN: { opsPerSecond: 1, depth: 0, cost: 1.5, introspection: 'maybe' }, ANALYST: [] };
    expect(issuesOf({ env: { LIMITS_ROLES: JSON.stringify(roles) } }).map(({ message }) => message)).toEqual([
      'unknown role TRADR, the nearest known is TRADER',
      'ADMIN: unknown limit opsPerSecond, the nearest known is operationsPerSecond',
      'ADMIN.depth: expected a whole number from 1 to 1000 (levels), got 0',
      'ADMIN.cost: expected a whole number from 1 to 1000000000 (points), got 1.5',
      'ADMIN.introspection: expected true or false, got "maybe"',
      'ANALYST: expected a mapping of limits, got a list',
    ]);
  });

  it.each(['no JSON', '[]', '7', 'null'])('are refused when they are %s', (text) => {
    expect(issuesOf({ env: { LIMITS_ROLES: text } })).toEqual([
      { source: 'environment variable LIMITS_ROLES', message: expect.stringContaining('expected limits by role') },
    ]);
  });

  it('lie over the defaults, which are those of their sections', () => {
    const env = {
      GRAPHQL_MAXIMUM_DEPTH: '7',
      HTTP_BODY_LIMIT_BYTES: '2048',
      LIMITS_SOCKETS: '3',
      LIMITS_ROLES: '{"TRADER":{"sockets":9}}',
    };
    const policy = limitPolicy(configOf({ env }));
    expect(limitsFor(['ANALYST'], policy)).toMatchObject({ depth: 7, bodyBytes: 2048, sockets: 3 });
    expect(limitsFor(['TRADER'], policy)).toMatchObject({ depth: 7, sockets: 9 });
  });

  it('are generous for programs of this machine, and can be less so', () => {
    const { sockets } = limitsFor(['LOCAL'], limitPolicy(configOf({})));
    expect(sockets).toBeGreaterThan(10_000);
    expect(limitsFor(['LOCAL'], limitPolicy(configOf({ env: { LIMITS_ROLES: '{"LOCAL":{"sockets":3}}' } })))).toMatchObject({ sockets: 3 });
  });
});

describe('an allow-list', () => {
  it('must be named when nothing else is answered', () => {
    expect(issuesOf({ env: { PERSISTED_OPERATIONS_ONLY: 'true' } })).toEqual([
      { source: 'environment variable PERSISTED_OPERATIONS_ONLY', message: expect.stringContaining('PERSISTED_OPERATIONS') },
    ]);
    expect(configOf({ env: { PERSISTED_OPERATIONS_ONLY: 'true', PERSISTED_OPERATIONS: '/x.json' } }).limits.persistedOperations).toBe(
      '/x.json',
    );
  });
});
