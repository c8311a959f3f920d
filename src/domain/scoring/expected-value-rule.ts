import { amountAtRisk } from './amount-at-risk.ts';
import { formatDecimal, formatPercent } from './format-number.ts';
import { balancedScore } from './score-curves.ts';
import type { ScoreRule } from './score-rule.ts';
import { addScore } from './score-sums.ts';
import { SCORE_SCALES } from './score-weights.ts';

export const expectedValueRule: ScoreRule = {
  judge(columns, from, end, family, { weight, weighted, knownWeight }) {
    const { expectedValue } = columns;
    const { column, share } = amountAtRisk(columns, family);
    const quarter = SCORE_SCALES[family].expectedValue;
    for (let row = from; row < end; row++) {
      addScore(weighted, knownWeight, row, weight, balancedScore(expectedValue[row]! / (share * column[row]!), quarter));
    }
  },
  explain(columns, row, family) {
    const value = columns.expectedValue[row]!;
    const { column, share } = amountAtRisk(columns, family);
    const ofRisk = formatPercent(value / (share * column[row]!));
    return `The expected value is ${formatDecimal(value, 3)} per unit against the smoothed smile of its expiration, ${ofRisk} of what is at risk.`;
  },
};
