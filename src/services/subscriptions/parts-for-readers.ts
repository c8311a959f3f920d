import type { Viewer } from '../../domain/access/viewer.ts';
import type { RowVisibility } from './row-visibility.ts';
import type { LiveItem } from './stream-item.ts';

/** A live item as some readers see it. */
export interface PartForReaders<Row, Reader> {
  readonly item: LiveItem<Row>;
  readonly readers: Reader[];
}

/**
 * The parts of an item that its readers see: one object for all who see the same rows, none for those who see nothing of it.
 *
 * @param viewers by reader, who it is; null sees only what everybody does
 */
export function partsForReaders<Row, Reader>(
  item: LiveItem<Row>,
  viewers: ReadonlyMap<Reader, Viewer | null>,
  { isPrivate, isHidden, classOf }: Omit<RowVisibility<Row, never>, 'within'>,
  sequenceOf: (row: Row) => number,
): PartForReaders<Row, Reader>[] {
  const privateRows = item.rows.filter(isPrivate);
  const parts = new Map<string, PartForReaders<Row, Reader> | null>();
  // Nearly all readers are of one class, so that rows are looked at for a few of them and not for hundreds.
  const byClass = new Map<object | null, PartForReaders<Row, Reader> | null>();

  function partFor(viewer: Viewer | null): PartForReaders<Row, Reader> | null {
    const hidden = new Set(viewer ? privateRows.filter((row) => isHidden(row, viewer)) : privateRows);
    const seenAlike = [...hidden].map(sequenceOf).join();
    const known = parts.get(seenAlike);
    if (known !== undefined) return known;
    const seen = withoutRows(item, hidden, sequenceOf);
    const part = seen && { item: seen, readers: [] };
    parts.set(seenAlike, part);
    return part;
  }

  for (const [reader, viewer] of viewers) {
    const viewerClass = viewer && classOf(viewer);
    let part = byClass.get(viewerClass);
    if (part === undefined) {
      part = partFor(viewer);
      byClass.set(viewerClass, part);
    }
    part?.readers.push(reader);
  }
  return [...parts.values()].filter((part) => part !== null);
}

function withoutRows<Row>(item: LiveItem<Row>, hidden: ReadonlySet<Row>, sequenceOf: (row: Row) => number): LiveItem<Row> | null {
  if (hidden.size === 0) return item;
  const rows = item.rows.filter((row) => !hidden.has(row));
  return rows.length === 0 ? null : { ...item, rows, firstSequence: sequenceOf(rows[0]!) };
}
