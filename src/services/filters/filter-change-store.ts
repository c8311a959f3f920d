import type { Sql } from '../../db/client.ts';
import type { Filter } from '../../domain/filters/filter.ts';
import type { FilterChange } from '../../domain/filters/filter-change.ts';
import { type Page, pageOf } from '../paging/page.ts';
import type { PageRequest } from '../paging/page-request.ts';
import { decodePosition, encodePosition } from '../stream-log/cursor.ts';
import type { StreamHistory } from '../stream-log/stream-history.ts';
import type { StreamPosition } from '../stream-log/stream-position.ts';
import { filterChangeStream } from './filter-change-stream.ts';

/** Which changes of filters are meant: all, but for those of filters that are hidden. */
export interface FilterChangeQuery {
  readonly hiddenFilterIds?: readonly string[] | undefined;
}

/** A change with the filter as it was before. */
export interface FilterRevision extends FilterChange {
  /** Null: there was none, or nobody took note of it. */
  readonly previous: Filter | null;
}

/** The changes made so far. */
export interface FilterChangeStore extends StreamHistory<FilterChange, FilterChangeQuery> {
  /** In the order they were made. @throws MalformedCursorError when the cursor is none of a stream position */
  page(query: FilterChangeQuery, request: PageRequest): Promise<Page<FilterChange>>;
  /** The changes of one filter, the newest first; the cursor is a revision. */
  revisions(filterId: string, request: PageRequest): Promise<Page<FilterRevision>>;
  /** The change that made a revision. */
  revision(filterId: string, revision: number): Promise<FilterChange | null>;
}

export function createFilterChangeStore({ sql }: { sql: Sql }): FilterChangeStore {
  const columns = sql`sequence, at as "atMs", kind, filter, actor, reason`;
  // Nothing but the conditions of the place where nothing is hidden.
  const shown = ({ hiddenFilterIds = [] }: FilterChangeQuery) =>
    hiddenFilterIds.length === 0 ? sql`` : sql`and filter_id <> all(${[...hiddenFilterIds]}::uuid[])`;
  // The bare comparison of the time besides the pair is what partitions are chosen by.
  const behind = ({ atMs, sequence }: StreamPosition) => {
    const at = sql.typed.timestamptz(atMs);
    return sql`at >= ${at} and (at, sequence) > (${at}, ${sequence})`;
  };
  const before = ({ atMs, sequence }: StreamPosition) => {
    const at = sql.typed.timestamptz(atMs);
    return sql`at <= ${at} and (at, sequence) < (${at}, ${sequence})`;
  };
  const upTo = ({ atMs, sequence }: StreamPosition) => before({ atMs, sequence: sequence + 1 });

  return {
    async between(query, after, until, limit) {
      return sql<FilterChange[]>`
        select ${columns} from filter_changes where ${behind(after)} and ${upTo(until)} ${shown(query)}
        order by at, sequence limit ${limit}`;
    },
    async newest(query, until, limit) {
      const rows = await sql<FilterChange[]>`
        select ${columns} from filter_changes where ${upTo(until)} ${shown(query)}
        order by at desc, sequence desc limit ${limit}`;
      return rows.reverse();
    },
    async count(query, after, until, limit) {
      const [row] = await sql<{ count: number }[]>`
        select count(*) as count from (
          select 1 from filter_changes where ${behind(after)} and ${upTo(until)} ${shown(query)} limit ${limit}) as counted`;
      return row!.count;
    },
    async page(query, request) {
      const position = request.cursor === null ? null : decodePosition(filterChangeStream.name, request.cursor);
      const limit = request.limit + 1;
      const rows =
        request.direction === 'forward'
          ? await sql<FilterChange[]>`
              select ${columns} from filter_changes where ${position ? behind(position) : sql`true`} ${shown(query)}
              order by at, sequence limit ${limit}`
          : await sql<FilterChange[]>`
              select ${columns} from filter_changes where ${position ? before(position) : sql`true`} ${shown(query)}
              order by at desc, sequence desc limit ${limit}`;
      return pageOf(rows, request);
    },
    async revisions(filterId, request) {
      const newestFirst = request.direction === 'forward';
      const revision = request.cursor === null ? null : Number(request.cursor);
      const place = newestFirst ? sql`revision < ${revision}` : sql`revision > ${revision}`;
      const rows = await sql<FilterRevision[]>`
        select ${columns}, (
          select filter from filter_changes as earlier
          where earlier.filter_id = filter_changes.filter_id and earlier.revision = filter_changes.revision - 1
        ) as previous
        from filter_changes where filter_id = ${filterId} and ${revision === null ? sql`true` : place}
        order by revision ${newestFirst ? sql`desc` : sql`asc`} limit ${request.limit + 1}`;
      return pageOf(rows, request);
    },
    async revision(filterId, revision) {
      const [row] = await sql<
        FilterChange[]
      >`select ${columns} from filter_changes where filter_id = ${filterId} and revision = ${revision}`;
      return row ?? null;
    },
  };
}

/** The cursor of a change; the same in pages and subscriptions. */
export function filterChangeCursor({ atMs, sequence }: FilterChange): string {
  return encodePosition(filterChangeStream.name, { atMs, sequence });
}
