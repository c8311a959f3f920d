import { databaseIdentity } from '../db/database-identity.ts';
import type { LimitPolicy } from '../domain/limits/limit-policy.ts';
import { createRedisLink } from '../services/bus/redis-link.ts';
import { type Admission, createAdmission } from '../services/limits/admission.ts';
import { createRateLimiter, type SharedCounts } from '../services/limits/rate-limiter.ts';
import { createLimitsOf, type LimitsOf } from '../services/limits/viewer-limits.ts';
import { limitPolicy } from './limit-policy.ts';
import type { Storage } from './start-storage.ts';
import type { Wiring } from './wiring.ts';

/** A Redis that hangs is noticed within three of these. */
const LOOK_INTERVAL_MS = 1_000;
/** Every operation waits for it: longer than this a Redis beside us never takes, and one that does is as good as away. */
const COMMAND_TIMEOUT_MS = 250;

export interface StartedLimits {
  readonly policy: LimitPolicy;
  readonly limitsOf: LimitsOf;
  readonly admission: Admission;
}

/** What viewers are granted, and what keeps them within it. */
export async function startLimits(wiring: Wiring, storage: Storage): Promise<StartedLimits> {
  const { config, deps } = wiring;
  const policy = limitPolicy(config);
  const limitsOf = createLimitsOf(policy);
  const shared = config.redis.url === undefined ? null : await connectCounts(config.redis.url, wiring, storage);
  return {
    policy,
    limitsOf,
    admission: createAdmission({
      limitsOf,
      rateLimiter: createRateLimiter({ shared, now: deps.now }),
      maximumSockets: config.limits.maximumSockets,
    }),
  };
}

/** A connection of its own: a timeout of commands would drop messages of the bus, which may take their time. */
async function connectCounts(url: string, { deps, lifecycle, component }: Wiring, { database }: Storage): Promise<SharedCounts> {
  const log = component('limits');
  let isLossTold = false;
  const link = createRedisLink({
    url,
    random: deps.random,
    commandTimeoutMs: COMMAND_TIMEOUT_MS,
    onUp() {
      if (isLossTold) log.info('rates are limited over all processes again');
      isLossTold = false;
    },
    onDown(reason) {
      if (isLossTold) return;
      isLossTold = true;
      log.warn({ err: reason }, 'Redis is away: each process limits rates by its own count');
    },
  });
  const timer = setInterval(link.look, LOOK_INTERVAL_MS);
  lifecycle.onStop('limits', async () => {
    clearInterval(timer);
    link.stop();
  });
  await link.start();
  return { client: link.client, isUp: link.isUp, keyPrefix: `strikewire:${await databaseIdentity(database.sql)}:rate` };
}
