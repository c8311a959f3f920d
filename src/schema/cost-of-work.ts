/**
 * In the options of a field whose answer takes more work than to make an object: what it costs besides, whatever comes of it, each time it is asked for.
 *
 * A point is about what an object of a page costs the server: 10 to 20 µs of its processor. What is given here was measured with a year of days. docs/limits.md lists these fields.
 *
 * @param points whole, 1 or more
 */
export function costOfWork(points: number): { readonly costOfWork: number } {
  return { costOfWork: points };
}
