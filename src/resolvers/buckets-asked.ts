import { ROLLUP_INTERVALS, type RollupInterval } from '../domain/rollups/rollup-interval.ts';
import { MOST_BUCKETS } from '../services/history/aggregate-service.ts';

/** What combinations of dimensions are taken to be. */
const GROUPS = 10;

type Given = Readonly<Record<string, unknown>>;

/** How many series the arguments of `aggregates` are taken to lead to. */
export function groupsAsked({ groupBy }: Given): number {
  return groupBy === undefined || groupBy === null || (Array.isArray(groupBy) && groupBy.length === 0) ? 1 : GROUPS;
}

/** How many buckets of each series they ask for; 1 when they make no sense: they will be refused. More than are granted at all do not count. */
export function bucketsAsked({ interval, range }: Given): number {
  if (typeof interval !== 'string' || typeof range !== 'object' || range === null) return 1;
  const { from, before } = range as Given;
  const beforeMs = momentOf(before) ?? Date.now();
  const count = Math.ceil((beforeMs - (momentOf(from) ?? beforeMs)) / ROLLUP_INTERVALS[interval as RollupInterval]);
  return count >= 1 ? Math.min(count, MOST_BUCKETS) : 1;
}

function momentOf(value: unknown): number | null {
  return typeof value === 'string' || typeof value === 'number' || value instanceof Date ? new Date(value).getTime() : null;
}
