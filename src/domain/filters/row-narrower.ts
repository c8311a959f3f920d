import type { CandidateBatch } from '../candidates/candidate-batch.ts';
import type { MetricName } from '../candidates/metric.ts';
import { metricColumn } from '../candidates/metric-column.ts';
import { type FilterNode, type NullTest, passesSet, type RangeTest } from './filter-node.ts';

/** What all candidates of a batch have in common. */
export interface BatchContext {
  readonly symbol: string;
  /** `YYYY-MM-DD`. */
  readonly expirationDate: string;
  /** What the metrics of these names are for all of them (NaN: unknown), so that none is looked at because of them. Left out: it may differ. */
  readonly daysToExpiration?: number;
  readonly ivRank?: number;
  readonly ivPercentile?: number;
}

/**
 * Keeps of `rows[0, count)` those that pass, in place and in order, and answers with their number. Every criterion is one loop over one column, and only over the
 * rows that are still in.
 */
export type RowNarrower = (node: FilterNode, batch: CandidateBatch, context: BatchContext, rows: Int32Array, count: number) => number;

export function createRowNarrower(): RowNarrower {
  const rowsByDepth: Int32Array[] = [];
  const marksByDepth: Uint8Array[] = [];

  function narrow(
    node: FilterNode,
    batch: CandidateBatch,
    context: BatchContext,
    rows: Int32Array,
    initialCount: number,
    depth: number,
  ): number {
    if (!mayPass(node, context)) return 0;
    let count = initialCount;
    if (node.strategies) count = keepStrategies(node.strategies, batch, rows, count);
    for (const test of node.ranges) if (sharedValue(test.metric, context) === undefined) count = keepInRange(test, batch, rows, count);
    for (const test of node.nullTests) if (sharedValue(test.metric, context) === undefined) count = keepNullness(test, batch, rows, count);
    for (const group of node.all) count = narrow(group, batch, context, rows, count, depth + 1);
    if (node.any.length > 0) count = keepAny(node.any, batch, context, rows, count, depth);
    if (node.none.length > 0) count = keepMarked(0, node.none, batch, context, rows, count, depth);
    return count;
  }

  /** Mostly what all candidates have in common leaves one of the groups: then they need no marks. */
  function keepAny(
    groups: readonly FilterNode[],
    batch: CandidateBatch,
    context: BatchContext,
    rows: Int32Array,
    count: number,
    depth: number,
  ): number {
    let possible = 0;
    let last: FilterNode | undefined;
    for (const group of groups) {
      if (!mayPass(group, context)) continue;
      possible++;
      last = group;
    }
    if (last === undefined) return 0;
    return possible === 1
      ? narrow(last, batch, context, rows, count, depth + 1)
      : keepMarked(1, groups, batch, context, rows, count, depth);
  }

  /** Marks the rows that pass any of the groups and keeps those whose mark is `wanted`. */
  function keepMarked(
    wanted: 0 | 1,
    groups: readonly FilterNode[],
    batch: CandidateBatch,
    context: BatchContext,
    rows: Int32Array,
    count: number,
    depth: number,
  ): number {
    const attempt = room(rowsByDepth, depth, batch.capacity, (length) => new Int32Array(length));
    const marks = room(marksByDepth, depth, batch.capacity, (length) => new Uint8Array(length));
    for (const group of groups) {
      if (!mayPass(group, context)) continue;
      for (let i = 0; i < count; i++) attempt[i] = rows[i]!;
      const passed = narrow(group, batch, context, attempt, count, depth + 1);
      for (let i = 0; i < passed; i++) marks[attempt[i]!] = 1;
    }
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const row = rows[i]!;
      const mark = marks[row];
      marks[row] = 0;
      rows[kept] = row;
      if (mark === wanted) kept++;
    }
    return kept;
  }

  return (node, batch, context, rows, count) => narrow(node, batch, context, rows, count, 0);
}

/** Whether what all candidates of a batch have in common leaves any of them a chance; their groups apart. */
export function mayPass({ symbols, expiration, ranges, nullTests }: FilterNode, context: BatchContext): boolean {
  if (symbols && !passesSet(symbols, context.symbol)) return false;
  if (expiration && !(context.expirationDate >= expiration.min && context.expirationDate <= expiration.max)) return false;
  for (const { metric, min, max } of ranges) {
    const value = sharedValue(metric, context);
    if (value !== undefined && !(value >= min && value <= max)) return false;
  }
  for (const { metric, isNull } of nullTests) {
    const value = sharedValue(metric, context);
    if (value !== undefined && Number.isNaN(value) !== isNull) return false;
  }
  return true;
}

/** What a metric is for all candidates of the batch; undefined: it may differ. */
function sharedValue(metric: MetricName, context: BatchContext): number | undefined {
  return metric === 'daysToExpiration' || metric === 'ivRank' || metric === 'ivPercentile' ? context[metric] : undefined;
}

function keepStrategies(allowed: Uint8Array, batch: CandidateBatch, rows: Int32Array, count: number): number {
  let kept = 0;
  for (let i = 0; i < count; i++) {
    const row = rows[i]!;
    rows[kept] = row;
    if (allowed[batch.strategy[row]!] === 1) kept++;
  }
  return kept;
}

function keepInRange({ metric, min, max }: RangeTest, batch: CandidateBatch, rows: Int32Array, count: number): number {
  const column = metricColumn(batch, metric);
  let kept = 0;
  for (let i = 0; i < count; i++) {
    const row = rows[i]!;
    const value = column[row]!;
    rows[kept] = row;
    if (value >= min && value <= max) kept++;
  }
  return kept;
}

function keepNullness({ metric, isNull }: NullTest, batch: CandidateBatch, rows: Int32Array, count: number): number {
  const column = metricColumn(batch, metric);
  let kept = 0;
  for (let i = 0; i < count; i++) {
    const row = rows[i]!;
    rows[kept] = row;
    if (Number.isNaN(column[row]!) === isNull) kept++;
  }
  return kept;
}

function room<T extends { readonly length: number }>(byDepth: T[], depth: number, length: number, create: (length: number) => T): T {
  const existing = byDepth[depth];
  if (existing && existing.length >= length) return existing;
  const created = create(length);
  byDepth[depth] = created;
  return created;
}
