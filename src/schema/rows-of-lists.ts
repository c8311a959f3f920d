/** How many rows the lists below a field may have, by the name of the list; from the arguments of the field as they are written, variables replaced. */
export type RowsOfLists = (given: Readonly<Record<string, unknown>>) => Readonly<Record<string, number>>;

/** In the options of a field whose arguments say how long the lists below it get: that is what they cost. */
export function rowsOfLists(rows: RowsOfLists): { readonly rowsOfLists: RowsOfLists } {
  return { rowsOfLists: rows };
}
