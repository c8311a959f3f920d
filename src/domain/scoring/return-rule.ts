import { amountAtRisk } from './amount-at-risk.ts';
import { formatPercent, formatPrice } from './format-number.ts';
import { saturatingScore } from './score-curves.ts';
import type { ScoreRule } from './score-rule.ts';
import { addScore } from './score-sums.ts';
import { SCORE_SCALES } from './score-weights.ts';

/** Judges the maximum profit per year on what is at risk, simple. */
export const returnRule: ScoreRule = {
  judge(columns, from, end, family, { weight, weighted, knownWeight }) {
    const { maxProfit, daysToExpiration } = columns;
    const { column, share } = amountAtRisk(columns, family);
    const half = SCORE_SCALES[family].annualReturn;
    for (let row = from; row < end; row++) {
      // The return per year is profit over risk and years; multiplied out, one division does for both fractions.
      addScore(
        weighted,
        knownWeight,
        row,
        weight,
        saturatingScore(365 * maxProfit[row]!, half * share * column[row]! * daysToExpiration[row]!),
      );
    }
  },
  explain(columns, row, family) {
    const { column, share } = amountAtRisk(columns, family);
    const atRisk = share * column[row]!;
    const maxProfit = columns.maxProfit[row]!;
    const perYear = formatPercent((365 * maxProfit) / (atRisk * columns.daysToExpiration[row]!));
    const risk = formatPrice(atRisk);
    const against = family === 'NAKED' ? `a margin of about ${risk} (the loss is not limited)` : `${risk} at risk`;
    return `At most ${formatPrice(maxProfit)} can be won against ${against}, ${perYear} a year.`;
  },
};
