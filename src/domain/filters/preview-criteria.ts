import type { CandidateBatch } from '../candidates/candidate-batch.ts';
import { metricColumn } from '../candidates/metric-column.ts';
import { compileFilter } from './compile-filter.ts';
import { criteriaOf, criterionText, type StatedCriterion } from './criterion.ts';
import type { FilterCriteria } from './filter-criteria.ts';
import type { Histogram } from './histogram.ts';
import type { FilterSubject } from './matches-node.ts';
import type { BatchContext } from './row-narrower.ts';
import { createValueSample } from './value-sample.ts';

/** Wide enough for a small chart beside the criterion. */
const BUCKETS = 20;

/** What one criterion of the outermost group does. */
export interface CriterionPreview {
  readonly criterion: StatedCriterion;
  /** In words, e.g. `0.1 ≤ shortDelta ≤ 0.2`. */
  readonly expected: string;
  /** How many pass it alone. */
  readonly passing: number;
  /** How many would match if only this one were dropped: much more than `matching` means that it is the one that decides. */
  readonly matchingWithout: number;
  /** Of a metric: how its values spread over everything looked at; null for the others. */
  readonly histogram: Histogram | null;
}

export interface CriteriaPreview {
  /** Candidates or results looked at. */
  readonly considered: number;
  readonly matching: number;
  readonly criteria: readonly CriterionPreview[];
}

/** Sees the rows that were counted; what it is given is valid during the call. */
export interface PreviewObserver {
  /** Not called where nothing matches. @param rows 1: matches */
  matched(rows: Uint8Array, size: number): void;
  /** Not called where nothing would. @param rows 1: would match if only this criterion were dropped, those in `matching` included */
  missed(criterion: StatedCriterion, rows: Uint8Array, matching: Uint8Array, size: number): void;
}

/**
 * Counts what criteria would do. Groups within count as one part that is never dropped.
 * What takes its time is done step by step: whoever iterates may do other work between two steps, but has to go on to the end.
 */
export interface CriteriaPreviewer {
  /** Candidates of one expiration, scored. @returns how many match */
  addBatch(batch: CandidateBatch, context: BatchContext): Generator<undefined, number>;
  /** Whether it matches. */
  addResult(subject: FilterSubject): boolean;
  /** To be called once, at the end. */
  finish(): Generator<undefined, CriteriaPreview>;
}

/** @param criteria as parseFilterCriteria leaves them */
export function createCriteriaPreviewer(criteria: FilterCriteria, observer?: PreviewObserver): CriteriaPreviewer {
  const whole = compileFilter(criteria);
  const parts = criteriaOf(criteria).map((criterion) => ({
    criterion,
    alone: compileFilter(only(criterion)),
    others: compileFilter(without(criteria, criterion)),
    values: criterion.kind === 'METRIC' ? createValueSample() : null,
    passing: 0,
    matchingWithout: 0,
  }));
  let rows = new Uint8Array(1);
  let matchingRows = new Uint8Array(1);
  let considered = 0;
  let matching = 0;

  return {
    *addBatch(batch, context) {
      if (rows.length < batch.size) {
        rows = new Uint8Array(batch.capacity);
        matchingRows = new Uint8Array(batch.capacity);
      }
      const count = whole.apply(batch, context, matchingRows);
      considered += batch.size;
      matching += count;
      if (count > 0) observer?.matched(matchingRows, batch.size);
      yield;
      for (const part of parts) {
        part.passing += part.alone.apply(batch, context, rows);
        const withoutIt = part.others.apply(batch, context, rows);
        part.matchingWithout += withoutIt;
        if (withoutIt > count) observer?.missed(part.criterion, rows, matchingRows, batch.size);
        if (part.criterion.kind === 'METRIC') part.values!.append(metricColumn(batch, part.criterion.metric), batch.size);
        yield;
      }
      return count;
    },
    addResult(subject) {
      considered++;
      const matches = whole.matches(subject);
      rows[0] = 1;
      matchingRows[0] = matches ? 1 : 0;
      if (matches) {
        matching++;
        observer?.matched(matchingRows, 1);
      }
      for (const part of parts) {
        if (part.alone.matches(subject)) part.passing++;
        if (part.others.matches(subject)) {
          part.matchingWithout++;
          if (!matches) observer?.missed(part.criterion, rows, matchingRows, 1);
        }
        if (part.criterion.kind === 'METRIC') part.values!.appendOne(subject.metrics[part.criterion.metric] ?? Number.NaN);
      }
      return matches;
    },
    *finish() {
      const previews: CriterionPreview[] = [];
      for (const { criterion, passing, matchingWithout, values } of parts) {
        const histogram = values?.histogram(BUCKETS) ?? null;
        previews.push({ criterion, expected: criterionText(criterion), passing, matchingWithout, histogram });
        yield;
      }
      return { considered, matching, criteria: previews };
    },
  };
}

function only(criterion: StatedCriterion): FilterCriteria {
  switch (criterion.kind) {
    case 'SYMBOLS':
      return { symbols: criterion.expected };
    case 'STRATEGIES':
      return { strategies: criterion.expected as NonNullable<FilterCriteria['strategies']> };
    case 'EXPIRATION':
      return { expiration: criterion.expected };
    case 'METRIC':
      return { metrics: { [criterion.metric]: criterion.expected } };
  }
}

function without(criteria: FilterCriteria, criterion: StatedCriterion): FilterCriteria {
  const { symbols, strategies, expiration, metrics, ...groups } = criteria;
  const { kind } = criterion;
  const kept = Object.entries(metrics ?? {}).filter(([name]) => kind !== 'METRIC' || name !== criterion.metric);
  return {
    ...groups,
    ...(symbols && kind !== 'SYMBOLS' && { symbols }),
    ...(strategies && kind !== 'STRATEGIES' && { strategies }),
    ...(expiration && kind !== 'EXPIRATION' && { expiration }),
    metrics: Object.fromEntries(kept),
  };
}
