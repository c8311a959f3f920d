import { index, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';

/** Tokens that no longer count though they have not expired. Keys say it in their own rows. */
export const revokedCredentials = pgTable(
  'revoked_credentials',
  {
    /** TOKEN: the one with this id. SUBJECT: all of this subject that were issued until it was revoked. */
    kind: text().$type<'TOKEN' | 'SUBJECT'>().notNull(),
    /** The id of the token (`jti`), or the subject. */
    value: text().notNull(),
    revokedAt: timestamp({ withTimezone: true, precision: 3 }).notNull(),
    /** When what is revoked has expired by itself, and the row can go; null: not known, so it stays. */
    expiresAt: timestamp({ withTimezone: true, precision: 3 }),
  },
  (table) => [primaryKey({ columns: [table.kind, table.value] }), index('revoked_credentials_expires_at').on(table.expiresAt)],
);
