/** What was sent and how it was answered, and what must not have happened. */
export interface Tally {
  add(what: string): void;
  violate(text: string): void;
  counts(): Readonly<Record<string, number>>;
  readonly violations: readonly string[];
}

/** Enough to see what is wrong. */
const MOST_VIOLATIONS = 50;

export function createTally(): Tally {
  const counts = new Map<string, number>();
  const violations: string[] = [];
  return {
    add: (what) => void counts.set(what, (counts.get(what) ?? 0) + 1),
    violate(text) {
      if (violations.length < MOST_VIOLATIONS) violations.push(text.slice(0, 1_000));
    },
    counts: () => Object.fromEntries([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1))),
    violations,
  };
}
