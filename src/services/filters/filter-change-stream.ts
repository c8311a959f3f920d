import type { FilterChange, FilterChangeDraft } from '../../domain/filters/filter-change.ts';
import type { StreamDefinition } from '../stream-log/stream-definition.ts';

/** The durable stream of changes of filters. */
export const filterChangeStream: StreamDefinition<FilterChangeDraft, FilterChange> = {
  name: 'filter-changes',
  toRow: (draft, sequence, atMs) => ({ ...draft, sequence, atMs }),
  position: ({ atMs, sequence }) => ({ atMs, sequence }),
  async insert(transaction, rows) {
    // One at a time but for the presets of a new database.
    for (const { sequence, atMs, kind, filter, actor, reason } of rows) {
      await transaction`
        insert into filter_changes (sequence, at, kind, filter_id, revision, filter, actor, reason)
        values (
          ${sequence}, ${transaction.typed.timestamptz(atMs)}, ${kind}, ${filter.id}, ${filter.revision},
          ${transaction.json({ ...filter } as never)}, ${actor}, ${reason}
        )`;
    }
  },
  async select(sql, { atMs, sequence }, limit) {
    const at = sql.typed.timestamptz(atMs);
    return sql<FilterChange[]>`
      select sequence, at as "atMs", kind, filter, actor, reason from filter_changes
      where at >= ${at} and (at, sequence) > (${at}, ${sequence}) order by at, sequence limit ${limit}`;
  },
};
