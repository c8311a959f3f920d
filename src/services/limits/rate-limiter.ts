import type { Redis } from 'ioredis';
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { Limits } from '../../domain/limits/limit-policy.ts';

/** Operations of one subject: at most `burst` in each window of burst / operationsPerSecond seconds, which begins with its first operation. */
export type Rate = Pick<Limits, 'operationsPerSecond' | 'burst'>;

export interface RateRefusal {
  readonly isAdmitted: false;
  /** Operations in this window, the refused ones included. */
  readonly consumed: number;
  /** Until the window ends, milliseconds. */
  readonly retryAfterMs: number;
}

export interface RateLeft {
  /** Operations that may still be begun in this window. */
  readonly operations: number;
  /** Until the window ends, milliseconds; 0: none has begun. */
  readonly resetAfterMs: number;
}

export interface RateLimiter {
  /** Counts operations of a subject. Never rejects: while Redis does not answer, this process goes on with its own count. */
  consume(subject: string, rate: Rate, operations: number): Promise<{ readonly isAdmitted: true } | RateRefusal>;
  left(subject: string, rate: Rate): Promise<RateLeft>;
}

/** What several processes count in together. */
export interface SharedCounts {
  readonly client: Redis;
  /** Whether commands are answered, as far as is known. */
  readonly isUp: () => boolean;
  /** Tells the counts of servers of another database apart. */
  readonly keyPrefix: string;
}

export interface RateLimiterDeps {
  /** Null: this process counts alone. */
  readonly shared: SharedCounts | null;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

/** So long Redis is left alone after it has not answered: operations do not wait for it one after the other. */
const PAUSE_MS = 1_000;

/** The script of rate-limiter-flexible takes whole seconds only. ARGV: operations, …, …, window in seconds. */
const COUNT_SCRIPT = `
redis.call('set', KEYS[1], 0, 'PX', math.ceil(tonumber(ARGV[4]) * 1000), 'NX')
local consumed = redis.call('incrby', KEYS[1], ARGV[1])
return {consumed, redis.call('pttl', KEYS[1])}`;

interface Counters {
  readonly own: RateLimiterAbstract;
  readonly shared: RateLimiterAbstract | null;
}

/** Counts in this process first, which refuses without asking anybody; then in Redis, once per operation, for what all processes admit together. */
export function createRateLimiter({ shared, now }: RateLimiterDeps): RateLimiter {
  /** Few: one for each rate that a combination of roles has. */
  const counters = new Map<string, Counters>();
  let pausedUntil = Number.NEGATIVE_INFINITY;

  function countersOf({ operationsPerSecond, burst }: Rate): Counters {
    const key = `${operationsPerSecond}:${burst}`;
    let known = counters.get(key);
    if (!known) {
      const options = { points: burst, duration: burst / operationsPerSecond };
      known = {
        own: new RateLimiterMemory({ ...options, keyPrefix: '' }),
        shared:
          shared &&
          new RateLimiterRedis({
            ...options,
            storeClient: shared.client,
            keyPrefix: shared.keyPrefix,
            customIncrTtlLuaScript: COUNT_SCRIPT,
            rejectIfRedisNotReady: true,
          }),
      };
      counters.set(key, known);
    }
    return known;
  }

  function sharedOf(rate: Rate): RateLimiterAbstract | null {
    return shared?.isUp() && now() >= pausedUntil ? countersOf(rate).shared : null;
  }

  /** Null: Redis has not answered. */
  async function askShared<T>(work: Promise<T>): Promise<T | RateLimiterRes | null> {
    try {
      return await work;
    } catch (outcome) {
      if (outcome instanceof RateLimiterRes) return outcome;
      pausedUntil = now() + PAUSE_MS;
      return null;
    }
  }

  return {
    async consume(subject, rate, operations) {
      const own = await countersOf(rate)
        .own.consume(subject, operations)
        .catch((refused: RateLimiterRes) => refused);
      if (own.consumedPoints > rate.burst) return refusal(own);
      const together = await askShared(sharedOf(rate)?.consume(subject, operations) ?? Promise.resolve(null));
      return together && together.consumedPoints > rate.burst ? refusal(together) : { isAdmitted: true };
    },
    async left(subject, rate) {
      const together = await askShared(sharedOf(rate)?.get(subject) ?? Promise.resolve(null));
      const state = together ?? (await countersOf(rate).own.get(subject));
      if (!state) return { operations: rate.burst, resetAfterMs: 0 };
      return { operations: Math.max(0, rate.burst - state.consumedPoints), resetAfterMs: Math.max(0, state.msBeforeNext) };
    },
  };
}

function refusal({ consumedPoints, msBeforeNext }: RateLimiterRes): RateRefusal {
  return { isAdmitted: false, consumed: consumedPoints, retryAfterMs: Math.max(1, Math.ceil(msBeforeNext)) };
}
