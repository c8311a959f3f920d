import { appendCandidate, appendLeg } from '../candidates/append-candidate.ts';
import type { CandidateBatch } from '../candidates/candidate-batch.ts';
import type { ExpirationContext } from '../candidates/expiration-context.ts';
import { deltaWindow } from './delta-window.ts';
import { positionOfStrike } from './position-of-strike.ts';

/** Of the call; the put of the same strike then lies between about 0.36 and 0.64 as well. */
export const STRADDLE_WINDOW = deltaWindow(0.36, 0.64);

/** Appends one straddle per call in the window whose strike has a put too: both bought (1) or both sold (-1). */
export function appendStraddles(strategyCode: number, quantity: 1 | -1, { calls, puts }: ExpirationContext, batch: CandidateBatch): void {
  for (let bucket = STRADDLE_WINDOW.from; bucket < STRADDLE_WINDOW.end; bucket++) {
    const call = calls.byDelta[bucket]!;
    if (call < 0) continue;
    const put = positionOfStrike(puts, calls.strike[call]!);
    if (put < 0) continue;
    const candidate = appendCandidate(batch, strategyCode, 0);
    appendLeg(batch, candidate, puts.row[put]!, quantity);
    appendLeg(batch, candidate, calls.row[call]!, quantity);
  }
}
