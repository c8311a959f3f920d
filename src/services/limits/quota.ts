import { LimitExceededError } from '../../domain/errors/limit-exceeded-error.ts';

/** Room for one kind of thing, in this process. */
export interface Quota {
  /** Does the work that adds one, or so many; while it goes on, they count as added. @throws LimitExceededError when there is no room for them. */
  add<T>(work: () => Promise<T>, many?: number): Promise<T>;
}

export interface QuotaOptions {
  /** Name of the limit, camelCase. */
  readonly name: string;
  /** What is limited, in the plural, for people. */
  readonly what: string;
  readonly limit: number;
  /** How many there are. The work must have added its own by the time it resolves. */
  readonly count: () => number;
}

export function createQuota({ name, what, limit, count }: QuotaOptions): Quota {
  let adding = 0;
  return {
    async add(work, many = 1) {
      const requested = count() + adding + many;
      if (requested > limit) throw new LimitExceededError(what, limit, requested, { limit: name });
      adding += many;
      try {
        return await work();
      } finally {
        adding -= many;
      }
    },
  };
}
