import { formatPercent } from './format-number.ts';
import { linearScore } from './score-curves.ts';
import type { ScoreRule } from './score-rule.ts';
import { addScore } from './score-sums.ts';
import { SCORE_SCALES } from './score-weights.ts';

export const probabilityRule: ScoreRule = {
  judge({ probabilityOfProfit }, from, end, family, { weight, weighted, knownWeight }) {
    const { zero, full } = SCORE_SCALES[family].probabilityOfProfit;
    for (let row = from; row < end; row++) {
      addScore(weighted, knownWeight, row, weight, linearScore(probabilityOfProfit[row]!, zero, full));
    }
  },
  explain({ probabilityOfProfit }, row, family) {
    const { zero, full } = SCORE_SCALES[family].probabilityOfProfit;
    return `The probability of profit is ${formatPercent(probabilityOfProfit[row]!)}, on a scale from ${formatPercent(zero)} to ${formatPercent(full)}.`;
  },
};
