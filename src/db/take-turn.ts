import type { Logger } from 'pino';
import type postgres from 'postgres';
import { pause } from './pause.ts';

/** Asked for again and again instead of waited for: a wait would go on in PostgreSQL after this process has given up. */
const RETRY_MS = 100;

export interface Turn {
  /** Names an advisory lock of PostgreSQL. */
  readonly lock: number;
  /** Told `waiting` when another process has the turn. */
  readonly log?: Pick<Logger, 'info'> | undefined;
  readonly waiting: string;
  readonly signal: AbortSignal;
}

/** Of processes that want to do the same work, one does it at a time; it has the turn until its connection ends. @throws the signal's reason */
export async function takeTurn(sql: Pick<postgres.Sql, 'unsafe'>, { lock, log, waiting, signal }: Turn): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const [row] = await sql.unsafe<{ taken: boolean }[]>('select pg_try_advisory_lock($1) as taken', [lock]);
    if (row?.taken === true) return;
    if (attempt === 1) log?.info(waiting);
    await pause(RETRY_MS, signal);
  }
}
