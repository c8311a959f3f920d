/** Where a value leaves the columns: what is not a finite number is unknown, null. */
export function knownOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
