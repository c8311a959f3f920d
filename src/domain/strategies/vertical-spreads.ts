import { appendCandidate, appendLeg } from '../candidates/append-candidate.ts';
import type { CandidateBatch } from '../candidates/candidate-batch.ts';
import type { StrikeLadder } from '../candidates/strike-ladder.ts';
import type { DeltaWindow } from './delta-window.ts';
import { SPREAD_WIDTHS, wingPosition } from './spread-width.ts';

/** A vertical spread: the anchor leg is chosen by delta, the wing by its distance from the anchor. */
export interface VerticalShape {
  readonly strategyCode: number;
  readonly anchorWindow: DeltaWindow;
  /** 1: long, -1: short; the wing is the other way round. */
  readonly anchorQuantity: 1 | -1;
  /** Where the wing lies: 1: above the anchor, -1: below. */
  readonly wingDirection: 1 | -1;
}

/** The most spreads one expiration can give: one per anchor and width. */
export function maximumVerticalSpreads(anchorWindow: DeltaWindow): number {
  return anchorWindow.size * SPREAD_WIDTHS.length;
}

/** Appends the spreads of one side of an expiration. Widths that come to the same strike are appended once. */
export function appendVerticalSpreads(shape: VerticalShape, ladder: StrikeLadder, standardDeviation: number, batch: CandidateBatch): void {
  const { anchorWindow, anchorQuantity, wingDirection } = shape;
  for (let bucket = anchorWindow.from; bucket < anchorWindow.end; bucket++) {
    const anchor = ladder.byDelta[bucket]!;
    if (anchor < 0) continue;
    let previous = -1;
    for (let width = 0; width < SPREAD_WIDTHS.length; width++) {
      const wing = wingPosition(ladder, anchor, wingDirection, SPREAD_WIDTHS[width]! * standardDeviation);
      if (wing < 0 || wing === previous) continue;
      previous = wing;
      const candidate = appendCandidate(batch, shape.strategyCode, 0);
      if (wingDirection < 0) appendLeg(batch, candidate, ladder.row[wing]!, -anchorQuantity);
      appendLeg(batch, candidate, ladder.row[anchor]!, anchorQuantity);
      if (wingDirection > 0) appendLeg(batch, candidate, ladder.row[wing]!, -anchorQuantity);
    }
  }
}
