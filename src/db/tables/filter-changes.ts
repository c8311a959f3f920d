import { bigint, index, integer, jsonb, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { Filter } from '../../domain/filters/filter.ts';
import type { FilterChangeKind } from '../../domain/filters/filter-change.ts';

/** The stream of changes of filters: (at, sequence) ascends in commit order. */
export const filterChanges = pgTable(
  'filter_changes',
  {
    sequence: bigint({ mode: 'number' }).notNull(),
    at: timestamp({ withTimezone: true, precision: 3 }).notNull(),
    kind: text().$type<FilterChangeKind>().notNull(),
    filterId: uuid().notNull(),
    revision: integer().notNull(),
    /** The whole filter as the change left it. */
    filter: jsonb().$type<Filter>().notNull(),
    /** Subject of who made it. */
    actor: text(),
    reason: text(),
  },
  (table) => [primaryKey({ columns: [table.at, table.sequence] }), index('filter_changes_filter').on(table.filterId, table.revision)],
);
