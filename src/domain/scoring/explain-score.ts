import type { CandidateBatch } from '../candidates/candidate-batch.ts';
import type { ScoreComponent } from '../results/scan-result.ts';
import { scoreColumns } from './score-columns.ts';
import { FAMILY_BY_CODE } from './score-family.ts';
import { SCORE_RULES } from './score-rules.ts';
import { createScoreSums, meanScore } from './score-sums.ts';
import { SCORE_COMPONENT_NAMES, SCORE_WEIGHTS } from './score-weights.ts';

/**
 * The components of a candidate's score: Σ weight·value over those with a value is the score. A component that does not count for the strategy is left out; one
 * whose input is unknown stays, with value null and weight 0.
 */
export function explainScore(batch: CandidateBatch, row: number): ScoreComponent[] {
  const columns = scoreColumns(batch);
  const family = FAMILY_BY_CODE[batch.strategy[row]!]!;
  const sums = createScoreSums(row + 1);
  sums.weight = 1;
  const judged = SCORE_COMPONENT_NAMES.filter((name) => SCORE_WEIGHTS[family][name] > 0).map((name) => {
    const rule = SCORE_RULES[name];
    sums.weighted[row] = 0;
    sums.knownWeight[row] = 0;
    rule.judge(columns, row, row + 1, family, sums);
    return { name, weight: SCORE_WEIGHTS[family][name], value: meanScore(sums, row), explanation: rule.explain(columns, row, family) };
  });
  const knownWeight = judged.reduce((sum, { weight, value }) => (Number.isNaN(value) ? sum : sum + weight), 0);
  return judged.map(({ name, weight, value, explanation }) =>
    Number.isNaN(value)
      ? { name, weight: 0, value: null, explanation: 'Not judged: an input is unknown.' }
      : { name, weight: weight / knownWeight, value, explanation },
  );
}
