import type { GroupField, GroupValues } from './alert-rule.ts';
import type { ScreenSubject } from './screen-index.ts';

/** The series of a rule to which a result or an opportunity belongs. */
export function groupOf(
  groupBy: readonly GroupField[],
  { symbol, strategy, filterId, expiration, legsKey }: Omit<ScreenSubject, 'metrics'>,
): GroupValues {
  const all: GroupValues = { symbol, strategy, filter: filterId, expiration, legs: legsKey };
  return Object.fromEntries(groupBy.map((field) => [field, all[field] ?? '']));
}
