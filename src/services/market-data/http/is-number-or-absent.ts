/** Whether a number field of a record can be read: a number, or not stated. */
export function isNumberOrAbsent(value: unknown): boolean {
  return typeof value === 'number' || value === null || value === undefined;
}
