export const STREAK_DIRECTIONS = ['RISING', 'FALLING'] as const;
export type StreakDirection = (typeof STREAK_DIRECTIONS)[number];

/** Changes in the same direction, one after another, up to the last. */
export interface Streak {
  readonly direction: StreakDirection;
  /** Changes, 1 or more. */
  readonly length: number;
  /** Longest run of that direction among all the changes. */
  readonly longest: number;
  /** Chance that the next `length` changes would all have this direction, were each independent of the others: share of such changes to that power, 0 to 1. */
  readonly chance: number;
  /** Changes looked at. */
  readonly changes: number;
}

/**
 * @param values oldest first; those that are not finite are left out. A value like the one before ends a run.
 * @returns null when there is no last change
 */
export function currentStreak(values: readonly number[]): Streak | null {
  const known = values.filter(Number.isFinite);
  const signs = known.slice(1).map((value, index) => Math.sign(value - known[index]!));
  const sign = signs.at(-1);
  if (!sign) return null;
  let longest = 0;
  let length = 0;
  let alike = 0;
  for (const each of signs) {
    length = each === sign ? length + 1 : 0;
    if (each === sign) alike++;
    longest = Math.max(longest, length);
  }
  return {
    direction: sign > 0 ? 'RISING' : 'FALLING',
    length,
    longest,
    chance: (alike / signs.length) ** length,
    changes: signs.length,
  };
}
