import { appendCandidate, appendLeg } from '../candidates/append-candidate.ts';
import type { CandidateBatch } from '../candidates/candidate-batch.ts';
import type { ExpirationContext } from '../candidates/expiration-context.ts';
import { deltaWindow } from './delta-window.ts';
import { nearestDelta } from './nearest-delta.ts';

/** Of the put; the call is the one with the nearest |delta|. Nearer to the money it is a straddle in all but name. */
export const STRANGLE_WINDOW = deltaWindow(0.06, 0.46);

/** Appends one strangle per put in the window: put below call, both bought (1) or both sold (-1). */
export function appendStrangles(strategyCode: number, quantity: 1 | -1, { calls, puts }: ExpirationContext, batch: CandidateBatch): void {
  for (let bucket = STRANGLE_WINDOW.from; bucket < STRANGLE_WINDOW.end; bucket++) {
    const put = puts.byDelta[bucket]!;
    if (put < 0) continue;
    const call = nearestDelta(calls, bucket);
    if (call < 0 || puts.strike[put]! >= calls.strike[call]!) continue;
    const candidate = appendCandidate(batch, strategyCode, 0);
    appendLeg(batch, candidate, puts.row[put]!, quantity);
    appendLeg(batch, candidate, calls.row[call]!, quantity);
  }
}
