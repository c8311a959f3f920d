import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import type postgres from 'postgres';
import { migrate } from '../../src/db/migrate.ts';
import { setUpTimeSeries } from '../../src/db/time-series/set-up-time-series.ts';
import { asAdministrator } from './services/as-administrator.ts';
import { askService } from './services/ask-service.ts';
import type { PostgresFacts } from './services/postgres-service.ts';

export interface TestDatabase {
  readonly url: string;
  readonly name: string;
  /** Removes it. @throws when connections to it are still open, naming them; it is removed all the same. */
  drop(): Promise<void>;
}

interface OpenConnection {
  readonly application: string;
  readonly state: string | null;
  readonly query: string;
}

/** A client that has said goodbye is gone from the server's list a moment later; on a busy machine that is seconds. Nobody waits this long but for one that was forgotten. */
const GOODBYE_MS = 30_000;
const POLL_MS = 10;

export interface TestDatabaseOptions {
  /** Without the set-up of time series, which is of TimescaleDB or not: only what the migrations make. */
  readonly isMigratedOnly?: boolean;
  /** For how long connections may say goodbye before they count as forgotten. */
  readonly goodbyeMs?: number;
}

/** A new database with the newest schema and nothing in it. Every one must be dropped before the test file ends. */
export async function createTestDatabase({
  isMigratedOnly = false,
  goodbyeMs = GOODBYE_MS,
}: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const facts = await askService<PostgresFacts>('postgres');
  const name = `${facts.prefix}${randomUUID().replaceAll('-', '').slice(0, 16)}`;
  const template = isMigratedOnly ? 'template0' : facts.template;
  await asAdministrator(facts.url, (sql) => sql`create database ${sql(name)} template ${sql(template)}`);
  const url = new URL(facts.url);
  url.pathname = `/${name}`;
  if (isMigratedOnly) await migrate(url.href);
  else if (!facts.isSetUp) await setUpTimeSeries({ url: url.href, log: pino({ level: 'silent' }), nowMs: Date.now() });
  return {
    url: url.href,
    name,
    drop: () =>
      asAdministrator(facts.url, async (sql) => {
        const open = await openConnections(sql, name, goodbyeMs);
        await sql`drop database if exists ${sql(name)} with (force)`;
        if (open.length > 0) {
          const list = open.map(
            ({ application, state, query }) => `- ${application || 'unnamed'} (${state ?? 'no state'}): ${query || 'no query'}`,
          );
          throw new Error(
            `expected no open connection to the test database, got ${open.length}; close every client before drop():\n${list.join('\n')}`,
          );
        }
      }),
  };
}

async function openConnections(sql: postgres.Sql, name: string, goodbyeMs: number): Promise<readonly OpenConnection[]> {
  for (let waitedMs = 0; ; waitedMs += POLL_MS) {
    const open = await sql<OpenConnection[]>`
      select application_name as application, state, query from pg_stat_activity where datname = ${name} and backend_type = 'client backend'`;
    if (open.length === 0 || waitedMs >= goodbyeMs) return open;
    await delay(POLL_MS);
  }
}
