import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import postgres from 'postgres';
import { applyMigrations } from './apply-migrations.ts';
import { takeTurn } from './take-turn.ts';

export interface MigrateOptions {
  /** Told when another process holds things up. */
  readonly log?: Pick<Logger, 'info'>;
  readonly signal?: AbortSignal;
}

/** The same place from src/db and from dist/db. */
const MIGRATIONS_FOLDER = fileURLToPath(new URL('../../drizzle', import.meta.url));

/** Any fixed number: two processes that start together migrate one after the other. */
const MIGRATION_LOCK = 5_349_001;

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
    await takeTurn(client, { lock: MIGRATION_LOCK, log, waiting: 'another process migrates the database, waiting for it', signal });
    await applyMigrations(client, MIGRATIONS_FOLDER);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', cut);
    await client.end({ timeout: 5 });
  }
}
