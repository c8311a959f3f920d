import { index, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { Role } from '../../domain/access/role.ts';

/** Keys of services. Revoked and expired ones stay: entries of the audit trail name them. */
export const apiKeys = pgTable(
  'api_keys',
  {
    /** UUIDv7: sorts by creation. */
    id: uuid().primaryKey(),
    name: text().notNull(),
    /** The subject it acts as. */
    owner: text().notNull(),
    roles: text().array().$type<Role[]>().notNull(),
    /** SHA-256 of the secret, hexadecimal. The secret has 256 random bits: nothing slower is needed to keep it from being guessed. */
    secretHash: text().notNull(),
    createdAt: timestamp({ withTimezone: true, precision: 3 }).notNull(),
    createdBy: text().notNull(),
    expiresAt: timestamp({ withTimezone: true, precision: 3 }),
    lastUsedAt: timestamp({ withTimezone: true, precision: 3 }),
    revokedAt: timestamp({ withTimezone: true, precision: 3 }),
    revokedBy: text(),
  },
  (table) => [index('api_keys_owner').on(table.owner, table.id)],
);
