/* Strikewire as it ships, without scanning. Rows come over its bus, numbered as the stream log would have; nothing is stored: what that costs is measured by `insert`. */
import { pino } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import { startApp } from '../../dist/app.js';
import { loadConfig } from '../../dist/config/load-config.js';
import { createDatabase } from '../../dist/db/client.js';
import { migrate } from '../../dist/db/migrate.js';
import { createInProcessBus } from '../../dist/services/bus/in-process-bus.js';
import { LIVE_FILTER_ID } from './live-rows.ts';
import { serveLive } from './serve-live.ts';

const loaded = loadConfig({
  argv: [],
  env: { DATABASE_URL: process.env.DATABASE_URL, PORT: '0', SCANNER_AUTOSTART: 'false' },
  cwd: '/',
  readFile: () => {
    throw Object.assign(new Error('no file'), { code: 'ENOENT' });
  },
});
if (loaded.kind !== 'config') throw new Error('expected a configuration');
// What a filter found is told to subscribers when the server knows the filter.
const url = loaded.config.database.url!;
await migrate(url);
const database = createDatabase({ url, poolSize: 1, statementTimeoutMs: 0, applicationName: 'strikewire-bench' });
await database.sql`
  insert into filters (id, name, description, criteria, enabled, revision, created_at, updated_at)
  values (${LIVE_FILTER_ID}, 'Benchmark', '', '{}', true, 1, now(), now()) on conflict (id) do nothing`;
await database.close();

const log = pino({ level: 'warn' });
const bus = createInProcessBus({ log });
const deps = { log, clock: Date.now, now: () => performance.now(), random: Math.random, newId: uuidv7, bus };
const app = await startApp(loaded.config, deps, new AbortController().signal);
serveLive({
  port: app.address.port,
  subscribers: app.subscribers,
  publish: (rows) => bus.publish('scan-results', { firstSequence: rows[0]!.sequence, rows }),
});
