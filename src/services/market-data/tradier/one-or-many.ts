/** Tradier writes a list of one element as the element, and an empty one as null. */
export function oneOrMany(value: unknown): readonly unknown[] {
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
