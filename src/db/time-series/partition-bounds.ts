/** As SQL. @param fromMs epoch milliseconds, inclusive @param beforeMs exclusive */
export function partitionBounds(fromMs: number, beforeMs: number): string {
  return `for values from ('${new Date(fromMs).toISOString()}') to ('${new Date(beforeMs).toISOString()}')`;
}
