import { amountAtRisk } from './amount-at-risk.ts';
import { formatDecimal, formatPercent } from './format-number.ts';
import { balancedScore } from './score-curves.ts';
import type { ScoreRule } from './score-rule.ts';
import { SCORE_SCALES } from './score-weights.ts';

export const expectedValueRule: ScoreRule = {
  value: (columns, row, family) =>
    balancedScore(columns.expectedValue[row]! / amountAtRisk(columns, row, family), SCORE_SCALES[family].expectedValue),
  explain(columns, row, family) {
    const value = columns.expectedValue[row]!;
    const share = formatPercent(value / amountAtRisk(columns, row, family));
    return `The expected value is ${formatDecimal(value, 3)} per unit against the smoothed smile of its expiration, ${share} of what is at risk.`;
  },
};
