/** The value, NaN when it is absent or of another type. */
export function jsonNumber(value: unknown): number {
  return typeof value === 'number' ? value : Number.NaN;
}
