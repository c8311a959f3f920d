import type { CandidateBatch } from '../candidates/candidate-batch.ts';
import { metricColumn } from '../candidates/metric-column.ts';
import { scoreColumns } from './score-columns.ts';
import { FAMILY_BY_CODE } from './score-family.ts';
import { SCORE_RULES } from './score-rules.ts';
import { SCORE_COMPONENT_NAMES, SCORE_WEIGHTS } from './score-weights.ts';

const RULES = SCORE_COMPONENT_NAMES.map((name) => SCORE_RULES[name]);
/** By strategy code: the weight of each rule. */
const WEIGHTS_BY_CODE = FAMILY_BY_CODE.map((family) => Float64Array.from(SCORE_COMPONENT_NAMES, (name) => SCORE_WEIGHTS[family][name]));

/** Fills the score column: the mean of the components, weighted as in SCORE_WEIGHTS, over those that are known; NaN when none is. */
export function scoreBatch(batch: CandidateBatch): void {
  const { size, strategy } = batch;
  const columns = scoreColumns(batch);
  const score = metricColumn(batch, 'score');
  const values = RULES.map(() => new Float64Array(size));
  // The generator leaves the candidates of one strategy side by side: a run is judged by one scale.
  for (let from = 0; from < size; ) {
    const code = strategy[from]!;
    let end = from + 1;
    while (end < size && strategy[end] === code) end++;
    for (let rule = 0; rule < RULES.length; rule++) RULES[rule]!.fill(columns, from, end, FAMILY_BY_CODE[code]!, values[rule]!);
    fillWeightedMeans(values, WEIGHTS_BY_CODE[code]!, from, end, score);
    from = end;
  }
}

/** An unknown value adds neither to the sum nor to the weight it is divided by. */
function fillWeightedMeans(values: readonly Float64Array[], weights: Float64Array, from: number, end: number, means: Float64Array): void {
  for (let row = from; row < end; row++) {
    let sum = 0;
    let knownWeight = 0;
    for (let rule = 0; rule < values.length; rule++) {
      const value = values[rule]![row]!;
      if (Number.isNaN(value)) continue;
      sum += weights[rule]! * value;
      knownWeight += weights[rule]!;
    }
    means[row] = knownWeight > 0 ? sum / knownWeight : Number.NaN;
  }
}
