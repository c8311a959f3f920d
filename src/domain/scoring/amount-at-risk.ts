import type { ScoreColumns } from './score-columns.ts';
import type { ScoreFamily } from './score-family.ts';
import { NAKED_MARGIN_SHARE } from './score-weights.ts';

/** The greatest loss, by row; where that is unlimited, the underlying, of which `share` is asked for as margin. */
export interface AmountAtRisk {
  /** Quote currency per unit; NaN where unknown. */
  readonly column: Float64Array;
  readonly share: number;
}

/** What a family has at risk: column[row] · share. */
export function amountAtRisk(columns: ScoreColumns, family: ScoreFamily): AmountAtRisk {
  return family === 'NAKED' ? { column: columns.underlyingPrice, share: NAKED_MARGIN_SHARE } : { column: columns.maxLoss, share: 1 };
}
