import type { CandidateBatch } from '../candidates/candidate-batch.ts';
import type { MetricName } from '../candidates/metric.ts';
import { SCREENED_METRICS, type ScreeningStage } from '../candidates/screened-metrics.ts';
import type { FilterCriteria } from './filter-criteria.ts';
import type { FilterNode } from './filter-node.ts';
import { filterNodeOf } from './filter-node-of.ts';
import { type FilterSubject, matchesNode } from './matches-node.ts';
import { type BatchContext, createRowNarrower, mayPass, type RowNarrower } from './row-narrower.ts';
import { screeningNode } from './screening-node.ts';

/** Criteria as a predicate over candidates in columns and over stored results. Both answer alike. */
export interface CompiledFilter {
  /**
   * Writes 1 for every candidate of the batch that passes and 0 for the others, and answers with the number that pass.
   *
   * @param selection at least batch.size long
   */
  apply(batch: CandidateBatch, context: BatchContext, selection: Uint8Array): number;
  /**
   * Writes 1 for every candidate of the batch that `apply` may pass, judged by the SCREENED_METRICS of the stage alone, leaves the others as they are, and answers with
   * the number that were not 1 before.
   *
   * @param wanted at least batch.size long
   */
  screen(batch: CandidateBatch, context: BatchContext, wanted: Uint8Array, stage: ScreeningStage): number;
  matches(subject: FilterSubject): boolean;
  /** Whether `apply` reads the score; if not, the candidates need not have been scored before it. */
  readonly readsScore: boolean;
}

/** @param criteria as parseFilterCriteria leaves them */
export function compileFilter(criteria: FilterCriteria): CompiledFilter {
  const node = filterNodeOf(criteria);
  const screeningParts: Readonly<Record<ScreeningStage, FilterNode>> = {
    UNQUOTED: screeningNode(node, SCREENED_METRICS.UNQUOTED),
    QUOTED: screeningNode(node, SCREENED_METRICS.QUOTED),
  };
  let narrow: RowNarrower | undefined;
  let rows = new Int32Array(0);

  /** Leaves the rows that pass in `rows` and answers with their number. */
  function select(by: FilterNode, batch: CandidateBatch, context: BatchContext): number {
    if (!mayPass(by, context)) return 0;
    narrow ??= createRowNarrower();
    if (rows.length < batch.size) rows = new Int32Array(batch.capacity);
    for (let row = 0; row < batch.size; row++) rows[row] = row;
    return narrow(by, batch, context, rows, batch.size);
  }

  return {
    apply(batch, context, selection) {
      const count = select(node, batch, context);
      selection.fill(0, 0, batch.size);
      for (let i = 0; i < count; i++) selection[rows[i]!] = 1;
      return count;
    },
    screen(batch, context, wanted, stage) {
      const count = select(screeningParts[stage], batch, context);
      let added = 0;
      for (let i = 0; i < count; i++) {
        if (wanted[rows[i]!] !== 1) added++;
        wanted[rows[i]!] = 1;
      }
      return added;
    },
    matches: (subject) => matchesNode(node, subject),
    readsScore: reads(node, 'score'),
  };
}

function reads(node: FilterNode, metric: MetricName): boolean {
  const isTested = [...node.ranges, ...node.nullTests].some((test) => test.metric === metric);
  return isTested || [...node.all, ...node.any, ...node.none].some((group) => reads(group, metric));
}
