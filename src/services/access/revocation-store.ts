import type { Sql, Transaction } from '../../db/client.ts';

export interface Revocation {
  readonly kind: 'TOKEN' | 'SUBJECT';
  /** The id of the token, or the subject. */
  readonly value: string;
  /** Epoch milliseconds. */
  readonly revokedAtMs: number;
  /** When what is revoked will have expired by itself; null: not known. */
  readonly expiresAtMs: number | null;
}

export interface RevocationStore {
  /** Of the same thing again, the later times hold. */
  save(transaction: Transaction, revocation: Revocation): Promise<void>;
  all(): Promise<Revocation[]>;
  /** Removes those of what has expired by itself. */
  removeExpired(nowMs: number): Promise<void>;
}

export function createRevocationStore({ sql }: { sql: Sql }): RevocationStore {
  return {
    async save(transaction, { kind, value, revokedAtMs, expiresAtMs }) {
      const { timestamptz } = transaction.typed;
      // Unknown is later than any time.
      await transaction`
        insert into revoked_credentials as known (kind, value, revoked_at, expires_at)
        values (${kind}, ${value}, ${timestamptz(revokedAtMs)}, ${expiresAtMs === null ? null : timestamptz(expiresAtMs)})
        on conflict (kind, value) do update set
          revoked_at = greatest(known.revoked_at, excluded.revoked_at),
          expires_at = case when known.expires_at is null or excluded.expires_at is null then null else greatest(known.expires_at, excluded.expires_at) end`;
    },
    async all() {
      return sql<Revocation[]>`select kind, value, revoked_at as "revokedAtMs", expires_at as "expiresAtMs" from revoked_credentials`;
    },
    async removeExpired(nowMs) {
      await sql`delete from revoked_credentials where expires_at <= ${sql.typed.timestamptz(nowMs)}`;
    },
  };
}
