import { LimitExceededError } from '../../domain/errors/limit-exceeded-error.ts';
import { ValidationError } from '../../domain/errors/validation-error.ts';

/** Connection arguments as Relay defines them. */
export interface ConnectionArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
}

/** A page in one direction: `limit` rows behind (forward) or in front of (backward) the cursor, or from the respective end. */
export interface PageRequest {
  readonly direction: 'forward' | 'backward';
  readonly limit: number;
  readonly cursor: string | null;
}

export interface PageLimits {
  readonly defaultSize: number;
  readonly maximumSize: number;
}

/**
 * @throws ValidationError when forward and backward arguments are mixed or a count is negative.
 * @param decodeCursor from what clients hold to what the store takes; may throw MalformedCursorError.
 * @throws LimitExceededError when more rows are asked for than a page may hold.
 */
export function parsePageRequest(
  input: ConnectionArguments,
  limits: PageLimits,
  decodeCursor: (cursor: string) => string = (cursor) => cursor,
): PageRequest {
  const backward = input.last != null || input.before != null;
  if (backward && (input.first != null || input.after != null)) {
    throw new ValidationError([{ path: 'last', message: 'expected first/after or last/before, got both' }]);
  }
  const name = backward ? 'last' : 'first';
  const limit = input[name] ?? limits.defaultSize;
  if (limit < 0) throw new ValidationError([{ path: name, message: `expected a count ≥ 0, got ${limit}` }]);
  if (limit > limits.maximumSize) {
    throw new LimitExceededError(`rows in a page (${name})`, limits.maximumSize, limit, { limit: 'pageSize' });
  }
  const cursor = (backward ? input.before : input.after) ?? null;
  return { direction: backward ? 'backward' : 'forward', limit, cursor: cursor === null ? null : decodeCursor(cursor) };
}
