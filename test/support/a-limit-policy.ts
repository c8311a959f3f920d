import type { LimitPolicy, Limits } from '../../src/domain/limits/limit-policy.ts';

/** Limits that no test reaches by accident. */
export const GENEROUS_LIMITS: Limits = {
  bodyBytes: 1_048_576,
  tokens: 4_000,
  depth: 20,
  aliases: 1_000,
  directives: 1_000,
  rootFields: 20,
  batchSize: 10,
  pageSize: 500,
  exportRows: 1_000_000,
  cost: 1_000_000,
  operationsPerSecond: 100_000,
  burst: 100_000,
  concurrentOperations: 10_000,
  subscriptionsPerSocket: 10_000,
  subscriptions: 100_000,
  sockets: 10_000,
  statementTimeoutMs: 30_000,
  introspection: true,
};

export function aLimitPolicy(defaults: Partial<Limits> = {}, roles: LimitPolicy['roles'] = {}): LimitPolicy {
  return { defaults: { ...GENEROUS_LIMITS, ...defaults }, roles };
}
