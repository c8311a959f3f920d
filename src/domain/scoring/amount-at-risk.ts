import type { ScoreColumns } from './score-columns.ts';
import type { ScoreFamily } from './score-family.ts';
import { NAKED_MARGIN_SHARE } from './score-weights.ts';

/** The greatest loss; where that is unlimited, the margin asked for. Quote currency per unit; NaN when unknown. */
export function amountAtRisk(columns: ScoreColumns, row: number, family: ScoreFamily): number {
  return family === 'NAKED' ? NAKED_MARGIN_SHARE * columns.underlyingPrice[row]! : columns.maxLoss[row]!;
}
