export interface Minimum {
  readonly at: Float64Array;
  readonly value: number;
}

/** By which the corners of the first simplex differ, as a share of the range of each parameter. */
const FIRST_STEP = 0.1;

/**
 * The least value of a function within bounds, by the simplex of Nelder & Mead (1965) with the coefficients 1, 2, ½, ½; points beyond the bounds are moved onto them.
 * Local: the beginning matters.
 *
 * @param start within the bounds
 * @param evaluations at most about this many
 */
export function nelderMead(
  objective: (at: Float64Array) => number,
  start: readonly number[],
  bounds: readonly (readonly [number, number])[],
  evaluations = 100 * start.length,
): Minimum {
  const size = start.length;
  const clamp = (at: Float64Array) => at.map((value, i) => Math.min(bounds[i]![1], Math.max(bounds[i]![0], value)));
  let used = 0;
  const evaluate = (at: Float64Array): Minimum => {
    used++;
    const inside = clamp(at);
    const value = objective(inside);
    return { at: inside, value: Number.isNaN(value) ? Number.POSITIVE_INFINITY : value };
  };
  const simplex = Array.from({ length: size + 1 }, (_corner, corner) =>
    evaluate(
      Float64Array.from(start, (value, i) => {
        if (i !== corner - 1) return value;
        const step = FIRST_STEP * (bounds[i]![1] - bounds[i]![0]);
        return value + step <= bounds[i]![1] ? value + step : value - step;
      }),
    ),
  );
  while (used < evaluations) {
    simplex.sort((a, b) => a.value - b.value);
    const best = simplex[0]!;
    const worst = simplex[size]!;
    if (worst.value - best.value <= 1e-10 * (Math.abs(best.value) + 1e-10)) break;
    const centre = new Float64Array(size);
    for (const { at } of simplex.slice(0, size)) for (let i = 0; i < size; i++) centre[i]! += at[i]! / size;
    /** On the line from the worst corner through the centre of the others; 1 is as far behind it. */
    const along = (share: number) => evaluate(centre.map((value, i) => value + share * (value - worst.at[i]!)));
    const reflected = along(1);
    if (reflected.value < best.value) {
      const expanded = along(2);
      simplex[size] = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < simplex[size - 1]!.value) simplex[size] = reflected;
    else {
      const contracted = along(reflected.value < worst.value ? 0.5 : -0.5);
      if (contracted.value < Math.min(reflected.value, worst.value)) simplex[size] = contracted;
      else for (let i = 1; i <= size; i++) simplex[i] = evaluate(simplex[i]!.at.map((value, k) => (value + best.at[k]!) / 2));
    }
  }
  return simplex.reduce((least, corner) => (corner.value < least.value ? corner : least));
}
