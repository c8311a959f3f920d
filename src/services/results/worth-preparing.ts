import { LRUCache } from 'lru-cache';

/** Each is kept by PostgreSQL on every connection, with its plan. */
const MOST_PREPARED = 64;
const MOST_SEEN = 512;

/**
 * Which of the statements that clients' questions make are to be prepared: those that come again, up to a number of them. A prepared statement takes one round trip to
 * PostgreSQL, another one two; but each combination of fields and criteria is a statement of its own, and there is no end of combinations.
 */
export function createWorthPreparing(): (text: string) => boolean {
  const prepared = new Set<string>();
  const seen = new LRUCache<string, true>({ max: MOST_SEEN });
  return (text) => {
    if (prepared.has(text)) return true;
    if (prepared.size < MOST_PREPARED && seen.has(text)) {
      seen.delete(text);
      prepared.add(text);
      return true;
    }
    seen.set(text, true);
    return false;
  };
}
