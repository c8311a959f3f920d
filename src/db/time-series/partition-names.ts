/** E.g. `scan_results_20261119`: the table, and the day (UTC) its chunk begins. */
export function partitionName(table: string, startMs: number): string {
  return `${table}_${new Date(startMs).toISOString().slice(0, 10).replaceAll('-', '')}`;
}

/** Takes what no chunk is there for, so that nothing is ever refused. */
export function defaultPartitionName(table: string): string {
  return `${table}_default`;
}
