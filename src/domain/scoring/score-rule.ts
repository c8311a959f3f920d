import type { ScoreColumns } from './score-columns.ts';
import type { ScoreFamily } from './score-family.ts';

/** How one component is judged. */
export interface ScoreRule {
  /** 0 (poor) to 100 (excellent); NaN when an input is unknown. */
  value(columns: ScoreColumns, row: number, family: ScoreFamily): number;
  /** One sentence for people, with the inputs and their units. */
  explain(columns: ScoreColumns, row: number, family: ScoreFamily): string;
}
