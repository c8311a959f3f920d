import { YEAR_PER_DAY } from '../pricing/greek-units.ts';
import { formatDecimal, formatPercent } from './format-number.ts';
import type { ScoreColumns } from './score-columns.ts';
import { clampScore, linearScore } from './score-curves.ts';
import type { ScoreFamily } from './score-family.ts';
import type { ScoreRule } from './score-rule.ts';
import { addScore } from './score-sums.ts';

/** Without history, volatility is judged against its own expiration: this much below or above the at-the-money one is as cheap or as rich as it gets. */
const WIDEST_SKEW = 0.5;

function isBuyer(family: ScoreFamily): boolean {
  return family === 'LONG_PREMIUM' || family === 'DEBIT_SPREAD';
}

/** Implied volatility divided by the at-the-money one, which the expected move was made of. */
function relativeVolatility({ impliedVolatility, expectedMove, underlyingPrice, daysToExpiration }: ScoreColumns, row: number): number {
  return (impliedVolatility[row]! * underlyingPrice[row]! * Math.sqrt(daysToExpiration[row]! * YEAR_PER_DAY)) / expectedMove[row]!;
}

export const volatilityRule: ScoreRule = {
  judge(columns, from, end, family, { weight, weighted, knownWeight }) {
    const { ivRank } = columns;
    const buys = isBuyer(family);
    for (let row = from; row < end; row++) {
      const rank = ivRank[row]!;
      const richness = Number.isNaN(rank)
        ? linearScore(relativeVolatility(columns, row), 1 - WIDEST_SKEW, 1 + WIDEST_SKEW)
        : clampScore(rank);
      addScore(weighted, knownWeight, row, weight, buys ? 100 - richness : richness);
    }
  },
  explain(columns, row, family) {
    const wish = isBuyer(family) ? 'a buyer wants it low' : 'a seller wants it high';
    const rank = columns.ivRank[row]!;
    const volatility = formatPercent(columns.impliedVolatility[row]!);
    if (!Number.isNaN(rank)) return `The IV rank is ${formatDecimal(rank, 0)} of 100 at an implied volatility of ${volatility}; ${wish}.`;
    return `The implied volatility is ${volatility} against ${formatPercent(columns.impliedVolatility[row]! / relativeVolatility(columns, row))} at the money; ${wish}. There is too little history for an IV rank.`;
  },
};
