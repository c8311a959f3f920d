import { formatPercent } from './format-number.ts';
import { linearScore } from './score-curves.ts';
import type { ScoreRule } from './score-rule.ts';
import { SCORE_SCALES } from './score-weights.ts';

export const probabilityRule: ScoreRule = {
  fill({ probabilityOfProfit }, from, end, family, values) {
    const { zero, full } = SCORE_SCALES[family].probabilityOfProfit;
    for (let row = from; row < end; row++) values[row] = linearScore(probabilityOfProfit[row]!, zero, full);
  },
  explain({ probabilityOfProfit }, row, family) {
    const { zero, full } = SCORE_SCALES[family].probabilityOfProfit;
    return `The probability of profit is ${formatPercent(probabilityOfProfit[row]!)}, on a scale from ${formatPercent(zero)} to ${formatPercent(full)}.`;
  },
};
