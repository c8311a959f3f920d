import { ROLES, type Role } from '../access/role.ts';

/** What is limited per viewer: `greatest` bounds what may be configured; `unit` and `description` are for people. */
export const LIMITS = {
  bodyBytes: {
    unit: 'bytes',
    least: 1_024,
    greatest: 104_857_600,
    description: 'Longest request body over HTTP, longest message over WebSocket.',
  },
  tokens: { unit: 'tokens', least: 100, greatest: 1_000_000, description: 'Longest document.' },
  depth: { unit: 'levels', least: 1, greatest: 1_000, description: 'Most levels of fields within each other.' },
  aliases: { unit: 'aliases', least: 0, greatest: 10_000, description: 'Most aliases in an operation.' },
  directives: { unit: 'directives', least: 0, greatest: 10_000, description: 'Most directives in an operation.' },
  rootFields: { unit: 'fields', least: 1, greatest: 1_000, description: 'Most root fields in an operation.' },
  batchSize: {
    unit: 'operations',
    least: 1,
    greatest: 1_000,
    description: 'Most operations in one HTTP request; 1: lists of operations are not read.',
  },
  pageSize: { unit: 'rows', least: 1, greatest: 10_000, description: 'Most rows in a page or in the snapshot of a subscription.' },
  exportRows: { unit: 'rows', least: 1, greatest: 2_000_000_000, description: 'Most rows in one export.' },
  cost: {
    unit: 'points',
    least: 1,
    greatest: 1_000_000_000,
    description:
      'Greatest cost of an operation: objects times the rows asked for, and the work of some fields; of a subscription, the cost of an event times the events a second.',
  },
  operationsPerSecond: {
    unit: 'operations per second',
    least: 1,
    greatest: 1_000_000,
    description: 'Operations that may be begun, in the long run.',
  },
  burst: {
    unit: 'operations',
    least: 1,
    greatest: 10_000_000,
    description: 'Operations that may be begun at once; never fewer than those of a second.',
  },
  concurrentOperations: {
    unit: 'operations',
    least: 1,
    greatest: 1_000_000,
    description: 'Most queries and mutations that run at the same time.',
  },
  subscriptionsPerSocket: {
    unit: 'subscriptions',
    least: 1,
    greatest: 1_000_000,
    description: 'Most subscriptions over one WebSocket or event stream.',
  },
  subscriptions: { unit: 'subscriptions', least: 1, greatest: 10_000_000, description: 'Most subscriptions over all transports.' },
  sockets: {
    unit: 'sockets',
    least: 1,
    greatest: 1_000_000,
    description: 'Most WebSockets and event streams that are open at the same time.',
  },
  statementTimeoutMs: {
    unit: 'milliseconds',
    least: 100,
    greatest: 3_600_000,
    description: 'Longest that one database statement of an operation may run.',
  },
} as const satisfies Record<string, LimitDescription>;

export interface LimitDescription {
  readonly unit: string;
  readonly least: number;
  readonly greatest: number;
  readonly description: string;
}

export type LimitName = keyof typeof LIMITS;
export const LIMIT_NAMES = Object.keys(LIMITS) as readonly LimitName[];

/** What one viewer is granted: the greatest values that are still accepted, in the units of LIMITS. */
export interface Limits extends Readonly<Record<LimitName, number>> {
  /** Whether the schema is told. */
  readonly introspection: boolean;
}

/** Who may have limits of its own. LOCAL: who needs not show who it is, because only this machine can reach the server. */
export const LIMITED_ROLES = [...ROLES, 'LOCAL'] as const;
export type LimitedRole = Role | 'LOCAL';

export interface LimitPolicy {
  readonly defaults: Limits;
  /** What differs from the defaults. */
  readonly roles: Readonly<Partial<Record<LimitedRole, Partial<Limits>>>>;
}

/** The most generous of what each of the roles has. Without a role: the defaults. */
export function limitsFor(roles: readonly LimitedRole[], { defaults, roles: own }: LimitPolicy): Limits {
  const [first = defaults, ...others] = roles.map((role): Limits => ({ ...defaults, ...own[role] }));
  const merged: Record<LimitName, number> & { introspection: boolean } = { ...first };
  for (const limits of others) {
    for (const name of LIMIT_NAMES) merged[name] = Math.max(merged[name], limits[name]);
    merged.introspection ||= limits.introspection;
  }
  // The rate is kept over a window of burst / operationsPerSecond seconds, which is at least one.
  merged.burst = Math.max(merged.burst, merged.operationsPerSecond);
  return merged;
}

/** What the transports have to bear: the most generous value of any role. */
export function greatestLimits(policy: LimitPolicy): Limits {
  return limitsFor(LIMITED_ROLES, policy);
}
