import { amountAtRisk } from './amount-at-risk.ts';
import { formatPercent, formatPrice } from './format-number.ts';
import type { ScoreColumns } from './score-columns.ts';
import { saturatingScore } from './score-curves.ts';
import type { ScoreFamily } from './score-family.ts';
import type { ScoreRule } from './score-rule.ts';
import { SCORE_SCALES } from './score-weights.ts';

/** Maximum profit per year on what is at risk, simple; a fraction. */
function annualReturn(columns: ScoreColumns, row: number, family: ScoreFamily): number {
  return ((columns.maxProfit[row]! / amountAtRisk(columns, row, family)) * 365) / columns.daysToExpiration[row]!;
}

export const returnRule: ScoreRule = {
  value: (columns, row, family) => saturatingScore(annualReturn(columns, row, family), SCORE_SCALES[family].annualReturn),
  explain(columns, row, family) {
    const risk = formatPrice(amountAtRisk(columns, row, family));
    const against = family === 'NAKED' ? `a margin of about ${risk} (the loss is not limited)` : `${risk} at risk`;
    return `At most ${formatPrice(columns.maxProfit[row]!)} can be won against ${against}, ${formatPercent(annualReturn(columns, row, family))} a year.`;
  },
};
