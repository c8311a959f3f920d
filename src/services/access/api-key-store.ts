import type { Sql, Transaction } from '../../db/client.ts';
import type { ApiKey, ApiKeyState } from '../../domain/access/api-key.ts';
import { type Page, pageOf } from '../paging/page.ts';
import type { PageRequest } from '../paging/page-request.ts';
import { createSqlParameters } from '../results/criteria-sql.ts';

export interface StoredApiKey extends ApiKey {
  /** SHA-256 of the secret, hexadecimal. */
  readonly secretHash: string;
}

/** Which keys are meant; everything stated must hold. */
export interface ApiKeyQuery {
  readonly owner?: string | undefined;
  readonly state?: ApiKeyState | undefined;
}

/** Rows of keys. Nothing is ever removed. */
export interface ApiKeyStore {
  insert(transaction: Transaction, key: StoredApiKey): Promise<void>;
  /** Those that are neither revoked nor expired. */
  countActive(transaction: Transaction, nowMs: number): Promise<number>;
  /** False when it was revoked before, or there is none with this id. */
  revoke(transaction: Transaction, id: string, by: string, atMs: number): Promise<boolean>;
  find(id: string): Promise<StoredApiKey | null>;
  byIds(ids: readonly string[]): Promise<ApiKey[]>;
  revokedIds(): Promise<string[]>;
  /** Newest first; the cursor is the id of a key. */
  page(query: ApiKeyQuery, request: PageRequest, nowMs: number): Promise<Page<ApiKey>>;
  /** Epoch milliseconds by id; what is stored never goes back. */
  saveUses(uses: ReadonlyMap<string, number>): Promise<void>;
}

const COLUMNS = `id, name, owner, roles, created_at as "createdAtMs", created_by as "createdBy", expires_at as "expiresAtMs",
  last_used_at as "lastUsedAtMs", revoked_at as "revokedAtMs", revoked_by as "revokedBy"`;

export function createApiKeyStore({ sql }: { sql: Sql }): ApiKeyStore {
  return {
    async insert(transaction, key) {
      const { timestamptz } = transaction.typed;
      await transaction`
        insert into api_keys (id, name, owner, roles, secret_hash, created_at, created_by, expires_at)
        values (
          ${key.id}, ${key.name}, ${key.owner}, ${[...key.roles]}::text[], ${key.secretHash}, ${timestamptz(key.createdAtMs)}, ${key.createdBy},
          ${key.expiresAtMs === null ? null : timestamptz(key.expiresAtMs)}
        )`;
    },
    async countActive(transaction, nowMs) {
      const [row] = await transaction<{ count: number }[]>`
        select count(*) as count from api_keys
        where revoked_at is null and (expires_at is null or expires_at > ${transaction.typed.timestamptz(nowMs)})`;
      return row!.count;
    },
    async revoke(transaction, id, by, atMs) {
      const { count } = await transaction`
        update api_keys set revoked_at = ${transaction.typed.timestamptz(atMs)}, revoked_by = ${by} where id = ${id} and revoked_at is null`;
      return count > 0;
    },
    async find(id) {
      const [row] = await sql<StoredApiKey[]>`select ${sql.unsafe(COLUMNS)}, secret_hash as "secretHash" from api_keys where id = ${id}`;
      return row ?? null;
    },
    async byIds(ids) {
      return sql<ApiKey[]>`select ${sql.unsafe(COLUMNS)} from api_keys where id = any(${[...ids]}::uuid[])`;
    },
    async revokedIds() {
      const rows = await sql<{ id: string }[]>`select id from api_keys where revoked_at is not null`;
      return rows.map(({ id }) => id);
    },
    async page({ owner, state }, request, nowMs) {
      const parameters = createSqlParameters();
      const forward = request.direction === 'forward';
      const conditions = ['true'];
      if (owner !== undefined) conditions.push(`owner = ${parameters.add(owner, 'text')}`);
      if (state !== undefined) conditions.push(inState(state, () => parameters.add(new Date(nowMs), 'timestamptz')));
      if (request.cursor !== null) conditions.push(`id ${forward ? '<' : '>'} ${parameters.add(request.cursor, 'uuid')}`);
      const rows = await sql.unsafe<ApiKey[]>(
        `select ${COLUMNS} from api_keys where ${conditions.join(' and ')}
         order by id ${forward ? 'desc' : 'asc'} limit ${parameters.add(request.limit + 1, 'int')}`,
        parameters.values as never[],
      );
      return pageOf(rows, request);
    },
    async saveUses(uses) {
      const times = [...uses.values()].map((atMs) => new Date(atMs).toISOString());
      await sql`
        update api_keys set last_used_at = greatest(last_used_at, used.at)
        from unnest(${[...uses.keys()]}::uuid[], ${times}::timestamptz[]) as used (id, at) where api_keys.id = used.id`;
    },
  };
}

function inState(state: ApiKeyState, now: () => string): string {
  if (state === 'REVOKED') return 'revoked_at is not null';
  return state === 'EXPIRED'
    ? `revoked_at is null and expires_at <= ${now()}`
    : `revoked_at is null and (expires_at is null or expires_at > ${now()})`;
}
