import type { Sql } from '../../db/client.ts';
import type { FilterChange } from '../../domain/filters/filter-change.ts';
import { type Page, pageOf } from '../paging/page.ts';
import type { PageRequest } from '../paging/page-request.ts';
import { decodePosition, encodePosition } from '../stream-log/cursor.ts';
import type { StreamHistory } from '../stream-log/stream-history.ts';
import type { StreamPosition } from '../stream-log/stream-position.ts';

/** Who follows the changes of filters wants all of them. */
export type EveryFilterChange = Readonly<Record<never, never>>;

/** The changes made so far. */
export interface FilterChangeStore extends StreamHistory<FilterChange, EveryFilterChange> {
  /** In the order they were made. @throws MalformedCursorError when the cursor is none of a stream position */
  page(request: PageRequest): Promise<Page<FilterChange>>;
}

export function createFilterChangeStore({ sql }: { sql: Sql }): FilterChangeStore {
  const columns = sql`sequence, at as "atMs", kind, filter`;
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
    async between(_every, after, until, limit) {
      return sql<FilterChange[]>`
        select ${columns} from filter_changes where ${behind(after)} and ${upTo(until)} order by at, sequence limit ${limit}`;
    },
    async newest(_every, until, limit) {
      const rows = await sql<FilterChange[]>`
        select ${columns} from filter_changes where ${upTo(until)} order by at desc, sequence desc limit ${limit}`;
      return rows.reverse();
    },
    async count(_every, after, until, limit) {
      const [row] = await sql<{ count: number }[]>`
        select count(*) as count from (select 1 from filter_changes where ${behind(after)} and ${upTo(until)} limit ${limit}) as counted`;
      return row!.count;
    },
    async page(request) {
      const position = request.cursor === null ? null : decodePosition(request.cursor);
      const limit = request.limit + 1;
      const rows =
        request.direction === 'forward'
          ? await sql<FilterChange[]>`
              select ${columns} from filter_changes where ${position ? behind(position) : sql`true`} order by at, sequence limit ${limit}`
          : await sql<FilterChange[]>`
              select ${columns} from filter_changes where ${position ? before(position) : sql`true`}
              order by at desc, sequence desc limit ${limit}`;
      return pageOf(rows, request);
    },
  };
}

/** The cursor of a change; the same in pages and subscriptions. */
export function filterChangeCursor({ atMs, sequence }: FilterChange): string {
  return encodePosition({ atMs, sequence });
}
