import { formatDecimal, formatPercent } from './format-number.ts';
import type { ScoreColumns } from './score-columns.ts';
import { linearScore } from './score-curves.ts';
import type { ScoreFamily } from './score-family.ts';
import type { ScoreRule } from './score-rule.ts';

/** Without history, volatility is judged against its own expiration: this much below or above the at-the-money one is as cheap or as rich as it gets. */
const WIDEST_SKEW = 0.5;

function isBuyer(family: ScoreFamily): boolean {
  return family === 'LONG_PREMIUM' || family === 'DEBIT_SPREAD';
}

/** The at-the-money volatility that the expected move was made of. */
function atTheMoney(columns: ScoreColumns, row: number): number {
  return columns.expectedMove[row]! / (columns.underlyingPrice[row]! * Math.sqrt(columns.daysToExpiration[row]! / 365));
}

/** 0 cheap to 100 rich: the IV rank where it is known. */
function richness(columns: ScoreColumns, row: number): number {
  const rank = columns.ivRank[row]!;
  if (!Number.isNaN(rank)) return Math.min(100, Math.max(0, rank));
  return linearScore(columns.impliedVolatility[row]! / atTheMoney(columns, row) - 1, -WIDEST_SKEW, WIDEST_SKEW);
}

export const volatilityRule: ScoreRule = {
  value: (columns, row, family) => (isBuyer(family) ? 100 - richness(columns, row) : richness(columns, row)),
  explain(columns, row, family) {
    const wish = isBuyer(family) ? 'a buyer wants it low' : 'a seller wants it high';
    const rank = columns.ivRank[row]!;
    const volatility = formatPercent(columns.impliedVolatility[row]!);
    if (!Number.isNaN(rank)) return `The IV rank is ${formatDecimal(rank, 0)} of 100 at an implied volatility of ${volatility}; ${wish}.`;
    return `The implied volatility is ${volatility} against ${formatPercent(atTheMoney(columns, row))} at the money; ${wish}. There is too little history for an IV rank.`;
  },
};
