import type { Logger } from 'pino';
import { migrate } from './migrate.ts';
import { pause } from './pause.ts';

/** A database that is started together with the server may need this long, e.g. under Docker Compose. */
const PATIENCE_MS = 60_000;
const RETRY_MS = 1_000;

/** What the operating system and PostgreSQL (57P03: starting up) say while a server is not there yet. */
const NOT_THERE_YET = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'CONNECT_TIMEOUT', 'CONNECTION_CLOSED', '57P03']);

/** Migrates the database at `url`, waiting up to a minute for it to be there. @throws the last error, or the signal's reason as soon as it fires. */
export async function migrateWhenReachable({ url, log, signal }: { url: string; log: Logger; signal: AbortSignal }): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    try {
      await migrate(url, { log, signal });
      return;
    } catch (error) {
      const code = (error as { code?: unknown }).code;
      if (typeof code !== 'string' || !NOT_THERE_YET.has(code) || Date.now() > deadline) throw error;
      if (attempt === 1) log.warn({ code }, 'the database does not answer yet, waiting');
      await pause(RETRY_MS, signal);
    }
  }
}
