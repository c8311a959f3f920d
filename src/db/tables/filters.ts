import { sql } from 'drizzle-orm';
import { boolean, integer, jsonb, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { FilterCriteria } from '../../domain/filters/filter-criteria.ts';

export const filters = pgTable(
  'filters',
  {
    /** UUIDv7: sorts by creation. */
    id: uuid().primaryKey(),
    /** Set for the filters that ship with the product. */
    presetKey: text().unique('filters_preset_key_unique'),
    name: text().notNull(),
    description: text().notNull(),
    criteria: jsonb().$type<FilterCriteria>().notNull(),
    enabled: boolean().notNull(),
    revision: integer().notNull(),
    createdAt: timestamp({ withTimezone: true, precision: 3 }).notNull(),
    updatedAt: timestamp({ withTimezone: true, precision: 3 }).notNull(),
    /** A deleted filter stays as a row: stored results name it. */
    deletedAt: timestamp({ withTimezone: true, precision: 3 }),
    /** The caller's key of the creating mutation: repeating it finds this row again. */
    idempotencyKey: text().unique('filters_idempotency_key_unique'),
  },
  (table) => [uniqueIndex('filters_name_unique').on(sql`lower(${table.name})`).where(sql`${table.deletedAt} is null`)],
);
