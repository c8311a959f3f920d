import type { CandidateBatch } from '../candidates/candidate-batch.ts';
import { metricColumn } from '../candidates/metric-column.ts';
import { compileFilter } from './compile-filter.ts';
import { criteriaOf, criterionText, type StatedCriterion } from './criterion.ts';
import type { FilterCriteria } from './filter-criteria.ts';
import { type Histogram, histogramOf } from './histogram.ts';
import type { FilterSubject } from './matches-node.ts';
import type { BatchContext } from './row-narrower.ts';

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

/** Counts what criteria would do. Groups within count as one part that is never dropped. */
export interface CriteriaPreviewer {
  /** Candidates of one expiration, scored. */
  addBatch(batch: CandidateBatch, context: BatchContext): void;
  addResult(subject: FilterSubject): void;
  /** To be called once, at the end. */
  finish(): CriteriaPreview;
}

/** @param criteria as parseFilterCriteria leaves them */
export function createCriteriaPreviewer(criteria: FilterCriteria): CriteriaPreviewer {
  const whole = compileFilter(criteria);
  const parts = criteriaOf(criteria).map((criterion) => ({
    criterion,
    alone: compileFilter(only(criterion)),
    others: compileFilter(without(criteria, criterion)),
    values: criterion.kind === 'METRIC' ? createValues() : null,
    passing: 0,
    matchingWithout: 0,
  }));
  let selection = new Uint8Array(0);
  let considered = 0;
  let matching = 0;

  return {
    addBatch(batch, context) {
      if (selection.length < batch.size) selection = new Uint8Array(batch.capacity);
      considered += batch.size;
      matching += whole.apply(batch, context, selection);
      for (const part of parts) {
        part.passing += part.alone.apply(batch, context, selection);
        part.matchingWithout += part.others.apply(batch, context, selection);
        if (part.criterion.kind === 'METRIC') part.values!.append(metricColumn(batch, part.criterion.metric), batch.size);
      }
    },
    addResult(subject) {
      considered++;
      if (whole.matches(subject)) matching++;
      for (const part of parts) {
        if (part.alone.matches(subject)) part.passing++;
        if (part.others.matches(subject)) part.matchingWithout++;
        if (part.criterion.kind === 'METRIC') part.values!.appendOne(subject.metrics[part.criterion.metric] ?? Number.NaN);
      }
    },
    finish: () => ({
      considered,
      matching,
      criteria: parts.map(({ criterion, passing, matchingWithout, values }) => ({
        criterion,
        expected: criterionText(criterion),
        passing,
        matchingWithout,
        histogram: values && histogramOf(values.all(), BUCKETS),
      })),
    }),
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

/** Numbers in one array that grows by doubling. */
function createValues() {
  let values = new Float64Array(1_024);
  let size = 0;

  function ensureRoom(more: number): void {
    if (size + more <= values.length) return;
    const larger = new Float64Array(Math.max(size + more, values.length * 2));
    larger.set(values.subarray(0, size));
    values = larger;
  }

  return {
    append(column: Float64Array, count: number): void {
      ensureRoom(count);
      values.set(column.subarray(0, count), size);
      size += count;
    },
    appendOne(value: number): void {
      ensureRoom(1);
      values[size++] = value;
    },
    all: () => values.subarray(0, size),
  };
}
