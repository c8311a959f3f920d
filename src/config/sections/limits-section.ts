import { z } from 'zod';
import { LIMITS, type LimitName } from '../../domain/limits/limit-policy.ts';
import { optionalSetting, setting } from '../setting.ts';
import { roleLimits } from '../values/role-limits.ts';
import { switchValue } from '../values/switch-value.ts';
import { text } from '../values/text.ts';
import { wholeNumber } from '../values/whole-number.ts';

/** Limits whose defaults are settings of other sections are not here: see limitPolicy. */
function limit(name: LimitName, environment: string, defaultValue: number) {
  const { least, greatest, unit, description } = LIMITS[name];
  return setting(wholeNumber(least, greatest), {
    environment,
    description: `For each viewer: ${description.charAt(0).toLowerCase()}${description.slice(1)}`,
    unit,
    default: defaultValue,
  });
}

export const limitsSection = z.strictObject({
  operationsPerSecond: limit('operationsPerSecond', 'LIMITS_OPERATIONS_PER_SECOND', 100),
  burst: limit('burst', 'LIMITS_BURST', 500),
  concurrentOperations: limit('concurrentOperations', 'LIMITS_CONCURRENT_OPERATIONS', 50),
  subscriptionsPerSocket: limit('subscriptionsPerSocket', 'LIMITS_SUBSCRIPTIONS_PER_SOCKET', 100),
  subscriptions: limit('subscriptions', 'LIMITS_SUBSCRIPTIONS', 500),
  sockets: limit('sockets', 'LIMITS_SOCKETS', 50),
  batchSize: limit('batchSize', 'LIMITS_BATCH_SIZE', 1),
  exportRows: limit('exportRows', 'LIMITS_EXPORT_ROWS', 1_000_000),
  maximumSockets: setting(wholeNumber(1, 1_000_000), {
    environment: 'LIMITS_MAXIMUM_SOCKETS',
    description:
      'Most WebSockets and event streams of all viewers together in this process. Lower than HTTP_MAXIMUM_CONNECTIONS, so that requests still get in.',
    unit: 'sockets',
    default: 15_000,
  }),
  roles: setting(roleLimits, {
    environment: 'LIMITS_ROLES',
    description:
      'What differs by role, as a YAML mapping or as JSON: ADMIN, ANALYST, TRADER, DEVELOPER, or LOCAL for programs of this machine while no authentication is configured. Names and ranges stand in docs/limits.md.',
    default: {},
  }),
  persistedOperations: optionalSetting(text('a file'), {
    environment: 'PERSISTED_OPERATIONS',
    description:
      'JSON file with documents that may be asked for by their SHA-256: a list of documents, or an object of hash and document; relative to the working directory.',
    example: 'persisted-operations.json',
  }),
  persistedOperationsOnly: setting(switchValue, {
    environment: 'PERSISTED_OPERATIONS_ONLY',
    description: 'Refuse every document that is not in the file of persisted operations.',
    default: false,
  }),
});
