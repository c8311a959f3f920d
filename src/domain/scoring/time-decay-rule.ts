import { formatPercent } from './format-number.ts';
import type { ScoreColumns } from './score-columns.ts';
import { balancedScore, saturatingScore } from './score-curves.ts';
import type { ScoreRule } from './score-rule.ts';

/** 2 % of the premium per day: about what an at-the-money option of one month decays by. */
const NOTABLE_DECAY = 0.02;

/** Theta per calendar day as a share of what was received or paid; a fraction. */
function decay(columns: ScoreColumns, row: number): number {
  return columns.theta[row]! / Math.abs(columns.netCredit[row]!);
}

export const timeDecayRule: ScoreRule = {
  value(columns, row) {
    const share = decay(columns, row);
    return columns.netCredit[row]! > 0 ? saturatingScore(share, NOTABLE_DECAY) : balancedScore(share, NOTABLE_DECAY);
  },
  explain(columns, row) {
    const share = decay(columns, row);
    const premium = columns.netCredit[row]! > 0 ? 'the credit' : 'the debit';
    return `Time decay ${share < 0 ? 'costs' : 'earns'} ${formatPercent(Math.abs(share))} of ${premium} per day.`;
  },
};
