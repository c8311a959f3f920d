import { join } from 'node:path';
import { pino } from 'pino';
import type postgres from 'postgres';
import { startEmbeddedPostgres } from '../../../src/db/embedded/start-embedded-postgres.ts';
import { migrate } from '../../../src/db/migrate.ts';
import { setUpTimeSeries } from '../../../src/db/time-series/set-up-time-series.ts';
import { asAdministrator } from './as-administrator.ts';

/** What a test file needs to make databases. */
export interface PostgresFacts {
  /** Of a role that may create databases. */
  readonly url: string;
  /** Has the newest schema and accepts no connections. */
  readonly template: string;
  /** Names of this run's databases begin with it. */
  readonly prefix: string;
  /** A database made of it has its time series in chunks. */
  readonly isSetUp: boolean;
}

export interface PostgresService {
  start(): Promise<PostgresFacts>;
  /** Removes all databases of this run. Answers with the names of those that a test file did not drop. */
  stop(): Promise<readonly string[]>;
}

/** One server for the whole run: that of TEST_DATABASE_URL, or an embedded one. */
export function createPostgresService({
  runDirectory,
  externalUrl,
}: {
  runDirectory: string;
  externalUrl: string | undefined;
}): PostgresService {
  const prefix = `strikewire_test_${process.pid}_${Date.now().toString(36)}_`;
  const template = `${prefix}template`;
  let server: Promise<{ readonly url: string; stop(): Promise<void> }> | null = null;

  function startServer() {
    return startEmbeddedPostgres({
      dataDirectory: join(runDirectory, 'postgres'),
      disposable: true,
      // What a test provokes is no news; a server that ends is in the answers the tests get.
      log: pino({ level: 'silent' }),
      settings: { max_connections: '200' },
    });
  }

  return {
    async start() {
      server = externalUrl ? Promise.resolve({ url: externalUrl, stop: async () => {} }) : startServer();
      const { url } = await server;
      await asAdministrator(url, (sql) => sql`create database ${sql(template)} template template0`);
      const templateUrl = new URL(url);
      templateUrl.pathname = `/${template}`;
      await migrate(templateUrl.href);
      // A database with TimescaleDB cannot be a template: the extension's own workers are connected to it.
      const isSetUp = !(await offersTimescale(url));
      if (isSetUp) {
        await setUpTimeSeries({ url: templateUrl.href, log: pino({ level: 'silent' }), nowMs: Date.now() });
      }
      await asAdministrator(url, (sql) => sql`alter database ${sql(template)} with is_template true allow_connections false`);
      return { url, template, prefix, isSetUp };
    },
    async stop() {
      // Not asked for, or could not be started, which the test files have reported.
      const running = await server?.catch(() => null);
      if (!running) return [];
      const left = await asAdministrator(running.url, (sql) => dropDatabases(sql, prefix));
      await running.stop();
      return left.filter((name) => name !== template);
    },
  };
}

async function dropDatabases(sql: postgres.Sql, prefix: string): Promise<readonly string[]> {
  const rows = await sql<{ name: string }[]>`select datname as name from pg_database where starts_with(datname, ${prefix})`;
  for (const { name } of rows) {
    await sql`alter database ${sql(name)} with is_template false`;
    await sql`drop database ${sql(name)} with (force)`;
  }
  return rows.map(({ name }) => name);
}

async function offersTimescale(url: string): Promise<boolean> {
  const rows = await asAdministrator(url, (sql) => sql`select from pg_available_extensions where name = 'timescaledb'`);
  return rows.length > 0;
}
