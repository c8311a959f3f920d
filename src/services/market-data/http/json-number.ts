/** The value, NaN when it is absent or of another type. */
export function jsonNumber(value: unknown): number {
  return typeof value === 'number' ? value : Number.NaN;
}

/** Whether a number field of a record can be read: a number, or not stated. */
export function isNumberOrAbsent(value: unknown): boolean {
  return typeof value === 'number' || value === null || value === undefined;
}
