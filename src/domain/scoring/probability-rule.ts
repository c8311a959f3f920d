import { formatPercent } from './format-number.ts';
import { linearScore } from './score-curves.ts';
import type { ScoreRule } from './score-rule.ts';
import { SCORE_SCALES } from './score-weights.ts';

export const probabilityRule: ScoreRule = {
  value(columns, row, family) {
    const [zero, full] = SCORE_SCALES[family].probabilityOfProfit;
    return linearScore(columns.probabilityOfProfit[row]!, zero, full);
  },
  explain(columns, row, family) {
    const [zero, full] = SCORE_SCALES[family].probabilityOfProfit;
    return `The probability of profit is ${formatPercent(columns.probabilityOfProfit[row]!)}, on a scale from ${formatPercent(zero)} to ${formatPercent(full)}.`;
  },
};
