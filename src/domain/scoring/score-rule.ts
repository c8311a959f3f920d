import type { ScoreColumns } from './score-columns.ts';
import type { ScoreFamily } from './score-family.ts';

/** How one component is judged. */
export interface ScoreRule {
  /**
   * Writes for the candidates of rows [from, end), all of one family, 0 (poor) to 100 (excellent); NaN where an input is unknown. One loop over columns: it runs
   * for every candidate.
   */
  fill(columns: ScoreColumns, from: number, end: number, family: ScoreFamily, values: Float64Array): void;
  /** One sentence for people, with the inputs and their units. */
  explain(columns: ScoreColumns, row: number, family: ScoreFamily): string;
}
