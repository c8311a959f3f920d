import { closest, distance } from 'fastest-levenshtein';

/** `; did you mean delta?` when a known name is within a third of the letters of what was written, else nothing. Case does not count. */
export function nearestNameHint(written: string, known: readonly string[]): string {
  // Comparing costs the product of the lengths.
  if (known.length === 0 || written.length > 100) return '';
  const folded = written.toLowerCase();
  const nearest = closest(
    folded,
    known.map((name) => name.toLowerCase()),
  );
  if (distance(folded, nearest) > Math.max(1, Math.floor(written.length / 3))) return '';
  return `; did you mean ${known.find((name) => name.toLowerCase() === nearest)}?`;
}
