/** Of the rows with the same key only the last, in the order of the rows that remain. */
export function newestPerKey<Row>(rows: Iterable<Row>, keyOf: (row: Row) => string): Row[] {
  const newest = new Map<string, Row>();
  for (const row of rows) {
    const key = keyOf(row);
    // Put in again, so that it stands where the newer one stood.
    newest.delete(key);
    newest.set(key, row);
  }
  return [...newest.values()];
}
