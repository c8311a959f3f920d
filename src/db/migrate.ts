import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as applyMigrations } from 'drizzle-orm/postgres-js/migrator';
import type { Logger } from 'pino';
import postgres from 'postgres';
import { pause } from './pause.ts';

export interface MigrateOptions {
  /** Told when another process holds things up. */
  readonly log?: Pick<Logger, 'info'>;
  readonly signal?: AbortSignal;
}

/** The same place from src/db and from dist/db. */
const MIGRATIONS_FOLDER = fileURLToPath(new URL('../../drizzle', import.meta.url));

/** Any fixed number: two processes that start together migrate one after the other. */
const MIGRATION_LOCK = 5_349_001;
/** Asked for again and again instead of waited for: a wait would go on in PostgreSQL after this process has given up. */
const LOCK_RETRY_MS = 100;

/**
 * Brings the database at `url` to the newest schema; does nothing when it is there already. Waits while another process migrates it.
 * @throws what PostgreSQL says, or the signal's reason: then the connection is cut, and what was under way is rolled back
 */
export async function migrate(url: string, { log, signal = new AbortController().signal }: MigrateOptions = {}): Promise<void> {
  signal.throwIfAborted();
  const client = postgres(url, { max: 1, connect_timeout: 10, onnotice: () => {}, connection: { application_name: 'strikewire-migrate' } });
  const cut = () => void client.end({ timeout: 0 });
  signal.addEventListener('abort', cut, { once: true });
  try {
    for (let attempt = 1; !(await takeLock(client)); attempt++) {
      if (attempt === 1) log?.info('another process migrates the database, waiting for it');
      await pause(LOCK_RETRY_MS, signal);
    }
    await applyMigrations(drizzle(client), { migrationsFolder: MIGRATIONS_FOLDER });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', cut);
    await client.end({ timeout: 5 });
  }
}

async function takeLock(client: postgres.Sql): Promise<boolean> {
  const [row] = await client<{ taken: boolean }[]>`select pg_try_advisory_lock(${MIGRATION_LOCK}) as taken`;
  return row?.taken === true;
}
