import { index, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import type { Viewer } from '../../domain/access/viewer.ts';

/** Tokens that open one event stream each, from when they are made until they are used or, not used, until somebody makes the next one. */
export const eventTokens = pgTable(
  'event_tokens',
  {
    /** SHA-256 of the token, hexadecimal: who reads this table cannot use what is in it. */
    tokenHash: text().primaryKey(),
    /** Who asked for it, and whose event stream it opens. */
    viewer: jsonb().$type<Viewer>().notNull(),
    /** By the clock of the database, which all processes share. */
    expiresAt: timestamp({ withTimezone: true, precision: 3 }).notNull(),
  },
  (table) => [index('event_tokens_expires_at').on(table.expiresAt)],
);
