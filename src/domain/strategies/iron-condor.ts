import { appendCandidate, appendLeg } from '../candidates/append-candidate.ts';
import { deltaWindow } from './delta-window.ts';
import { nearestDelta } from './nearest-delta.ts';
import { SPREAD_WIDTHS, wingPosition } from './spread-width.ts';
import type { Strategy } from './strategy.ts';
import { strategyCode } from './strategy-code.ts';

const CODE = strategyCode('IRON_CONDOR');
/** Of the short put; the short call is the one with the nearest |delta|. */
const SHORT_WINDOW = deltaWindow(0.06, 0.46);

export const ironCondor: Strategy = {
  id: 'IRON_CONDOR',
  name: 'Iron condor',
  description:
    'A bull put spread and a bear call spread of about the same width, short |delta| 0.06 to 0.46 and about the same on both sides. Keeps the credit when the underlying stays between the short strikes.',
  shortPremium: true,
  definedRisk: true,
  maximumPerExpiration: SHORT_WINDOW.size * SPREAD_WIDTHS.length,
  generate({ calls, puts, standardDeviation }, batch) {
    for (let bucket = SHORT_WINDOW.from; bucket < SHORT_WINDOW.end; bucket++) {
      const shortPut = puts.byDelta[bucket]!;
      if (shortPut < 0) continue;
      const shortCall = nearestDelta(calls, bucket);
      if (shortCall < 0 || puts.strike[shortPut]! >= calls.strike[shortCall]!) continue;
      let previousPut = -1;
      let previousCall = -1;
      for (let width = 0; width < SPREAD_WIDTHS.length; width++) {
        const distance = SPREAD_WIDTHS[width]! * standardDeviation;
        const longPut = wingPosition(puts, shortPut, -1, distance);
        const longCall = wingPosition(calls, shortCall, 1, distance);
        if (longPut < 0 || longCall < 0 || (longPut === previousPut && longCall === previousCall)) continue;
        previousPut = longPut;
        previousCall = longCall;
        const candidate = appendCandidate(batch, CODE, 0);
        appendLeg(batch, candidate, puts.row[longPut]!, 1);
        appendLeg(batch, candidate, puts.row[shortPut]!, -1);
        appendLeg(batch, candidate, calls.row[shortCall]!, -1);
        appendLeg(batch, candidate, calls.row[longCall]!, 1);
      }
    }
  },
};
