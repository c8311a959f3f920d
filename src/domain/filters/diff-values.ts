/** One difference between two values made of JSON. */
export interface ValueChange {
  /** E.g. `criteria.metrics.delta.min`. */
  readonly path: string;
  /** Undefined: was not there. Lists are taken as a whole. */
  readonly from: unknown;
  /** Undefined: is no longer there. */
  readonly to: unknown;
}

/** What differs, leaf by leaf, in the order of the paths of `from` and then of those only `to` has. Lists of plain values count as one leaf, lists of objects go by index. */
export function diffValues(from: unknown, to: unknown, path = ''): ValueChange[] {
  if (isBranch(from) && isBranch(to) && Array.isArray(from) === Array.isArray(to)) {
    const names = new Set([...Object.keys(from), ...Object.keys(to)]);
    return [...names].flatMap((name) => diffValues(member(from, name), member(to, name), path === '' ? name : `${path}.${name}`));
  }
  return JSON.stringify(from) === JSON.stringify(to) ? [] : [{ path, from, to }];
}

function isBranch(value: unknown): value is object {
  if (Array.isArray(value)) return value.some((entry) => typeof entry === 'object' && entry !== null);
  return typeof value === 'object' && value !== null;
}

function member(value: object, name: string): unknown {
  return Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}
