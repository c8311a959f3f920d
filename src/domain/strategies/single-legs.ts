import { appendCandidate, appendLeg } from '../candidates/append-candidate.ts';
import type { CandidateBatch } from '../candidates/candidate-batch.ts';
import type { StrikeLadder } from '../candidates/strike-ladder.ts';
import type { DeltaWindow } from './delta-window.ts';

/** One option, alone or against the underlying. */
export interface SingleLegShape {
  readonly strategyCode: number;
  readonly window: DeltaWindow;
  readonly quantity: 1 | -1;
  readonly stockQuantity: 0 | 1;
}

/** Appends one candidate per contract in the window. */
export function appendSingleLegs(shape: SingleLegShape, ladder: StrikeLadder, batch: CandidateBatch): void {
  for (let bucket = shape.window.from; bucket < shape.window.end; bucket++) {
    const position = ladder.byDelta[bucket]!;
    if (position < 0) continue;
    appendLeg(batch, appendCandidate(batch, shape.strategyCode, shape.stockQuantity), ladder.row[position]!, shape.quantity);
  }
}
