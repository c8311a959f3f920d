import type { CandidateBatch } from '../candidates/candidate-batch.ts';
import { metricColumn } from '../candidates/metric-column.ts';
import { scoreColumns } from './score-columns.ts';
import { FAMILY_BY_CODE } from './score-family.ts';
import type { ScoreRule } from './score-rule.ts';
import { SCORE_RULES } from './score-rules.ts';
import { meanScore, type ScoreSums } from './score-sums.ts';
import { SCORE_COMPONENT_NAMES, SCORE_WEIGHTS } from './score-weights.ts';

interface WeightedRule {
  readonly rule: ScoreRule;
  readonly weight: number;
}

/** By strategy code: the components that count. */
const RULES_BY_CODE: readonly (readonly WeightedRule[])[] = FAMILY_BY_CODE.map((family) =>
  SCORE_COMPONENT_NAMES.map((name) => ({ rule: SCORE_RULES[name], weight: SCORE_WEIGHTS[family][name] })).filter(
    ({ weight }) => weight > 0,
  ),
);

/** Fills the score column: the mean of the components, weighted as in SCORE_WEIGHTS, over those that are known; NaN when none is. */
export function scoreBatch(batch: CandidateBatch): void {
  const { size, strategy, scratch } = batch;
  const columns = scoreColumns(batch);
  const score = metricColumn(batch, 'score');
  const sums: ScoreSums = { weight: 0, weighted: score.fill(0, 0, size), knownWeight: scratch.fill(0, 0, size) };
  // The generator leaves the candidates of one strategy side by side: a run is judged by one scale.
  for (let from = 0; from < size; ) {
    const code = strategy[from]!;
    const family = FAMILY_BY_CODE[code]!;
    let end = from + 1;
    while (end < size && strategy[end] === code) end++;
    for (const { rule, weight } of RULES_BY_CODE[code]!) {
      sums.weight = weight;
      rule.judge(columns, from, end, family, sums);
    }
    from = end;
  }
  for (let row = 0; row < size; row++) score[row] = meanScore(sums, row);
}
