/** Finds those interested in a row without trying each: by the values of a few columns, of which an interest names the admissible ones. */
export interface InterestIndex<Row, Entry> {
  add(entry: Entry, admissible: AdmissibleValues): void;
  remove(entry: Entry, admissible: AdmissibleValues): void;
  /** Calls with each entry that may be interested, once. */
  visit(row: Row, visitor: (entry: Entry) => void): void;
}

/** For each column of the index, in its order: the values an interest admits, or null when it admits all. */
export type AdmissibleValues = readonly (readonly string[] | null)[];

/** @param columns how the value of each indexed column is read from a row */
export function createInterestIndex<Row, Entry>(columns: readonly ((row: Row) => string)[]): InterestIndex<Row, Entry> {
  const byColumn = columns.map(() => new Map<string, Set<Entry>>());
  const others = new Set<Entry>();

  /** An entry is kept under one column only, the one with the fewest admissible values; so a row meets it once. */
  function columnOf(admissible: AdmissibleValues): number {
    let best = -1;
    for (const [column, values] of admissible.entries()) {
      if (values !== null && (best === -1 || values.length < admissible[best]!.length)) best = column;
    }
    return best;
  }

  return {
    add(entry, admissible) {
      const column = columnOf(admissible);
      if (column === -1) {
        others.add(entry);
        return;
      }
      const places = byColumn[column]!;
      for (const value of admissible[column]!) {
        const entries = places.get(value);
        if (entries) entries.add(entry);
        else places.set(value, new Set([entry]));
      }
    },
    remove(entry, admissible) {
      const column = columnOf(admissible);
      if (column === -1) {
        others.delete(entry);
        return;
      }
      const places = byColumn[column]!;
      for (const value of admissible[column]!) {
        const entries = places.get(value);
        entries?.delete(entry);
        if (entries?.size === 0) places.delete(value);
      }
    },
    visit(row, visitor) {
      for (let column = 0; column < columns.length; column++) {
        const places = byColumn[column]!;
        if (places.size === 0) continue;
        const entries = places.get(columns[column]!(row));
        if (entries) for (const entry of entries) visitor(entry);
      }
      for (const entry of others) visitor(entry);
    },
  };
}
