import type { CandidateBatch } from '../candidates/candidate-batch.ts';
import { metricColumn } from '../candidates/metric-column.ts';
import { scoreColumns } from './score-columns.ts';
import { FAMILY_BY_CODE } from './score-family.ts';
import { SCORE_RULES } from './score-rules.ts';
import { SCORE_COMPONENT_NAMES, SCORE_WEIGHTS } from './score-weights.ts';

const RULES = SCORE_COMPONENT_NAMES.map((name) => SCORE_RULES[name]);
const WEIGHTS_BY_CODE = FAMILY_BY_CODE.map((family) => Float64Array.from(SCORE_COMPONENT_NAMES, (name) => SCORE_WEIGHTS[family][name]));

/** Fills the score column: the mean of the components, weighted as in SCORE_WEIGHTS, over those that are known; NaN when none is. */
export function scoreBatch(batch: CandidateBatch): void {
  const score = metricColumn(batch, 'score');
  const columns = scoreColumns(batch);
  for (let row = 0; row < batch.size; row++) {
    const code = batch.strategy[row]!;
    const family = FAMILY_BY_CODE[code]!;
    const weights = WEIGHTS_BY_CODE[code]!;
    let sum = 0;
    let knownWeight = 0;
    for (let component = 0; component < RULES.length; component++) {
      const weight = weights[component]!;
      if (weight === 0) continue;
      const value = RULES[component]!.value(columns, row, family);
      if (Number.isNaN(value)) continue;
      sum += weight * value;
      knownWeight += weight;
    }
    score[row] = knownWeight > 0 ? sum / knownWeight : Number.NaN;
  }
}
