/**
 * The median about each value: of the window whose middle it is; at the ends of the first and the last window. Of fewer values than a window holds it is the median of all.
 *
 * @param values finite
 * @param window odd
 */
export function runningMedian(values: readonly number[], window: number): number[] {
  const size = Math.min(window, values.length);
  const half = (window - 1) / 2;
  /** The values of the window, ascending. */
  const sorted = Float64Array.from(values.slice(0, size)).sort();
  let from = 0;
  return values.map((_value, index) => {
    const wanted = Math.max(0, Math.min(index - half, values.length - size));
    for (; from < wanted; from++) replace(sorted, values[from]!, values[from + size]!);
    const [lower, upper] = [sorted[(size - 1) >> 1]!, sorted[size >> 1]!];
    return lower + 0.5 * (upper - lower);
  });
}

/** Takes one value out of an ascending row and puts another in. */
function replace(sorted: Float64Array, gone: number, come: number): void {
  let at = sorted.indexOf(gone);
  for (; at + 1 < sorted.length && sorted[at + 1]! < come; at++) sorted[at] = sorted[at + 1]!;
  for (; at > 0 && sorted[at - 1]! > come; at--) sorted[at] = sorted[at - 1]!;
  sorted[at] = come;
}
