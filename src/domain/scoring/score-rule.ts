import type { ScoreColumns } from './score-columns.ts';
import type { ScoreFamily } from './score-family.ts';
import type { ScoreSums } from './score-sums.ts';

/** How one component is judged. */
export interface ScoreRule {
  /**
   * Judges the candidates of rows [from, end), all of one family, by 0 (poor) to 100 (excellent), and adds what it finds to the sums (see addScore); where an input
   * is unknown it adds nothing. One loop over columns: it runs for every candidate.
   */
  judge(columns: ScoreColumns, from: number, end: number, family: ScoreFamily, sums: ScoreSums): void;
  /** One sentence for people, with the inputs and their units. */
  explain(columns: ScoreColumns, row: number, family: ScoreFamily): string;
}
