import { formatPercent } from './format-number.ts';
import { balancedScore, saturatingScore } from './score-curves.ts';
import type { ScoreRule } from './score-rule.ts';
import { addScore } from './score-sums.ts';

/** 2 % of the premium per day: about what an at-the-money option of one month decays by. */
const NOTABLE_DECAY = 0.02;

export const timeDecayRule: ScoreRule = {
  judge({ theta, netCredit }, from, end, _family, { weight, weighted, knownWeight }) {
    for (let row = from; row < end; row++) {
      const share = theta[row]! / Math.abs(netCredit[row]!);
      addScore(
        weighted,
        knownWeight,
        row,
        weight,
        netCredit[row]! > 0 ? saturatingScore(share, NOTABLE_DECAY) : balancedScore(share, NOTABLE_DECAY),
      );
    }
  },
  explain({ theta, netCredit }, row) {
    const share = theta[row]! / Math.abs(netCredit[row]!);
    const premium = netCredit[row]! > 0 ? 'the credit' : 'the debit';
    const size = Math.abs(share);
    // With hours left the rate of a day is many times what is there to decay.
    const part = size > 1 ? `${premium} in less than a day` : `${formatPercent(size)} of ${premium} per day`;
    return `Time decay ${share < 0 ? 'costs' : 'earns'} ${part}.`;
  },
};
