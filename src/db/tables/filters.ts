import { sql } from 'drizzle-orm';
import { boolean, integer, jsonb, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { FilterCriteria } from '../../domain/filters/filter-criteria.ts';
import type { FilterLimits } from '../../domain/filters/filter-limits.ts';
import type { FilterVisibility } from '../../domain/filters/filter-visibility.ts';

export const filters = pgTable(
  'filters',
  {
    /** UUIDv7: sorts by creation. */
    id: uuid().primaryKey(),
    /** Set for the filters that ship with the product. */
    presetKey: text().unique('filters_preset_key_unique'),
    /** Subject of who made it. */
    ownerSubject: text(),
    visibility: text().$type<FilterVisibility>().notNull().default('SHARED'),
    name: text().notNull(),
    description: text().notNull(),
    criteria: jsonb().$type<FilterCriteria>().notNull(),
    /** Null: none of its own. */
    limits: jsonb().$type<FilterLimits>(),
    enabled: boolean().notNull(),
    revision: integer().notNull(),
    createdAt: timestamp({ withTimezone: true, precision: 3 }).notNull(),
    updatedAt: timestamp({ withTimezone: true, precision: 3 }).notNull(),
    /** A deleted filter stays as a row: stored results name it. */
    deletedAt: timestamp({ withTimezone: true, precision: 3 }),
    /** The caller's key of the creating mutation: repeating it finds this row again. */
    idempotencyKey: text().unique('filters_idempotency_key_unique'),
  },
  (table) => [
    // What is shared must be told apart by everybody, what is private by its owner.
    uniqueIndex('filters_name_unique')
      .on(sql`lower(${table.name})`, sql`(case when ${table.visibility} = 'PRIVATE' then ${table.ownerSubject} else '' end)`)
      .where(sql`${table.deletedAt} is null`),
  ],
);
