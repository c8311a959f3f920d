import { formatDecimal, formatPercent } from './format-number.ts';
import { saturatingScore } from './score-curves.ts';
import type { ScoreRule } from './score-rule.ts';
import { addScore } from './score-sums.ts';

/** A tenth of the price between bid and ask scores 50; combinations of four legs on a liquid index lie about there. */
const NOTABLE_SPREAD = 0.1;
/** Contracts that score 50: a market where a few lots move nothing. */
const NOTABLE_OPEN_INTEREST = 500;
const NOTABLE_VOLUME = 100;

export const spreadRule: ScoreRule = {
  judge({ spreadPercent }, from, end, _family, { weight, weighted, knownWeight }) {
    for (let row = from; row < end; row++) {
      addScore(weighted, knownWeight, row, weight, 100 - saturatingScore(spreadPercent[row]!, NOTABLE_SPREAD));
    }
  },
  explain: (columns, row) => `The bid-ask spread is ${formatPercent(columns.spreadPercent[row]!)} of the price.`,
};

export const openInterestRule: ScoreRule = {
  judge({ openInterest }, from, end, _family, { weight, weighted, knownWeight }) {
    for (let row = from; row < end; row++) {
      addScore(weighted, knownWeight, row, weight, saturatingScore(openInterest[row]!, NOTABLE_OPEN_INTEREST));
    }
  },
  explain: (columns, row) => `The least open leg has an open interest of ${formatDecimal(columns.openInterest[row]!, 0)} contracts.`,
};

export const volumeRule: ScoreRule = {
  judge({ volume }, from, end, _family, { weight, weighted, knownWeight }) {
    for (let row = from; row < end; row++) {
      addScore(weighted, knownWeight, row, weight, saturatingScore(volume[row]!, NOTABLE_VOLUME));
    }
  },
  explain: (columns, row) => `The least traded leg has a volume of ${formatDecimal(columns.volume[row]!, 0)} contracts today.`,
};
