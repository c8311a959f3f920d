import { ValidationError } from '../../domain/errors/validation-error.ts';

export interface MomentRange {
  /** Epoch milliseconds. */
  readonly fromMs: number;
  /** Exclusive. */
  readonly beforeMs: number;
}

/** There are no option prices of before, and clocks of time zones are known since then. */
const EARLIEST_MS = 0;

/**
 * The part of a range that there can be something of.
 * @param newestMs the newest moment of which something can be known
 * @throws ValidationError when the range is empty, is the wrong way round, or begins before 1970 or later than that moment
 */
export function pastRange({ fromMs, beforeMs }: MomentRange, newestMs: number): MomentRange {
  const issue = (path: string, expected: string, got: number) =>
    new ValidationError([{ path, message: `expected ${expected}, got ${new Date(got).toISOString()}` }]);
  if (fromMs < EARLIEST_MS) throw issue('range.from', 'a time in 1970 or later', fromMs);
  if (fromMs > newestMs) throw issue('range.from', 'a time that is not in the future', fromMs);
  if (beforeMs <= fromMs)
    throw issue('range.before', `a time behind the beginning of the range, ${new Date(fromMs).toISOString()}`, beforeMs);
  return { fromMs, beforeMs: Math.min(beforeMs, newestMs + 1) };
}
