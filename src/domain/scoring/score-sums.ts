/** What the components of a score add up to, by row. */
export interface ScoreSums {
  /** Weight of the component being added. */
  weight: number;
  /** Σ weight·value over the components that are known. */
  readonly weighted: Float64Array;
  /** Σ weight over the components that are known. */
  readonly knownWeight: Float64Array;
}

export function createScoreSums(rows: number): ScoreSums {
  return { weight: 0, weighted: new Float64Array(rows), knownWeight: new Float64Array(rows) };
}

/** Adds one component; an unknown value adds neither to the sum nor to the weight it is divided by. The arrays are those of ScoreSums. */
export function addScore(weighted: Float64Array, knownWeight: Float64Array, row: number, weight: number, value: number): void {
  if (Number.isNaN(value)) return;
  weighted[row] = weighted[row]! + weight * value;
  knownWeight[row] = knownWeight[row]! + weight;
}

/** Mean of what has been added; NaN where nothing was known. */
export function meanScore({ weighted, knownWeight }: ScoreSums, row: number): number {
  return knownWeight[row]! > 0 ? weighted[row]! / knownWeight[row]! : Number.NaN;
}
