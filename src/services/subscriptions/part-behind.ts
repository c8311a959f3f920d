import type { LiveItem } from './stream-item.ts';

/** What of an item lies behind a place in the stream: itself when all of it does, null when nothing does. */
export function partBehind<Row>(item: LiveItem<Row>, sequence: number, sequenceOf: (row: Row) => number): LiveItem<Row> | null {
  if (item.firstSequence > sequence) return item;
  if (item.position.sequence <= sequence) return null;
  const rows = item.rows.filter((row) => sequenceOf(row) > sequence);
  return rows.length === 0 ? null : { ...item, rows, firstSequence: sequenceOf(rows[0]!) };
}
