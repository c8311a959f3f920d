/*
 * Recent results from memory: what share of what is commonly asked is answered without reading rows from the database, what that saves, and what the held rows take. What is
 * asked has a seed; see page/asked-mix.ts.
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { createDatabase } from '../dist/db/client.js';
import { migrate } from '../dist/db/migrate.js';
import { createEnsureChunks } from '../dist/db/time-series/ensure-chunks.js';
import { setUpTimeSeries } from '../dist/db/time-series/set-up-time-series.js';
import { startBenchDatabase } from './bench-database.ts';
import { ASKED, type Asked, makeMixedDrafts, operationsOf, type Stored } from './page/asked-mix.ts';
import { type AskedOperation, type PageServer, startPageServer } from './page/page-server.ts';
import { seedResults } from './page/seed-results.ts';
import { takeAsRolledUp } from './page/take-as-rolled-up.ts';
import type { Report } from './report.ts';

const ROWS = 50_000;
const OPERATIONS = 1_000;
const ROUNDS = 5;
/** How far behind the newest the pages of long ago lie: half of them and more are not held. */
const LONG_AGO_PAGES = [10, 60, 120, 250, 400];
const PAGE_ROWS = 50;
const TARGET_BYTES = 2_000_000;
const KINDS = Object.keys(ASKED) as Asked[];

type Database = ReturnType<typeof createDatabase>;

async function seed(url: string, database: Database): Promise<void> {
  const log = pino({ level: 'error' });
  const backing = await setUpTimeSeries({ url, log, nowMs: Date.now() });
  const firstMs = Date.now() - ROWS * 10 - 60_000;
  await createEnsureChunks({ sql: database.sql, backing: backing.kind, log })('scan_results', firstMs, Date.now());
  await seedResults(database, ROWS, firstMs, makeMixedDrafts);
}

/** Pages through what is stored, as a client does. */
async function look(server: PageServer): Promise<Stored> {
  const query = `query ($after: String) { scanResults(first: ${PAGE_ROWS}, after: $after) { edges { node { id } } pageInfo { endCursor } } }`;
  const cursors: string[] = [];
  let newestIds: string[] = [];
  for (let page = 1; page <= Math.max(...LONG_AGO_PAGES); page++) {
    const [text] = await server.askEach([{ query, variables: { after: cursors.at(-1) ?? null } }]);
    const { edges, pageInfo } = JSON.parse(text!).data.scanResults;
    if (page === 1) newestIds = edges.map((edge: { node: { id: string } }) => edge.node.id);
    cursors.push(pageInfo.endCursor);
  }
  return { endOfNewest: cursors[0]!, longAgo: LONG_AGO_PAGES.map((page) => cursors[page - 1]!), newestIds };
}

/** What the product has answered from memory and from the database so far. */
async function answered(server: PageServer): Promise<{ memory: number; database: number }> {
  const of = async (source: string) =>
    (await server.metric('strikewire_recent_result_pages_total', `source="${source}"`)) +
    (await server.metric('strikewire_recent_result_ids_total', `source="${source}"`));
  return { memory: await of('memory'), database: await of('database') };
}

/** The share of these that is answered from memory. Every answer must be what a server that holds nothing says. */
async function hitRate(held: PageServer, plain: PageServer, operations: readonly AskedOperation[]): Promise<number> {
  const before = await answered(held);
  const answers = await held.askEach(operations);
  const after = await answered(held);
  const expected = await plain.askEach(operations);
  for (const [index, answer] of answers.entries()) {
    if (answer !== expected[index] || JSON.parse(answer).errors)
      throw new Error(`expected ${expected[index]!.slice(0, 300)}, got ${answer.slice(0, 300)}`);
  }
  const hits = after.memory - before.memory;
  const all = hits + after.database - before.database;
  if (all !== operations.length) throw new Error(`expected ${operations.length} counted answers, got ${all}`);
  return hits / all;
}

/** Bytes that 1,000 held results take. */
function measureHeldBytes(): Promise<number> {
  const child = fork(fileURLToPath(new URL('./page/held-bytes.ts', import.meta.url)), { execArgv: ['--import', 'tsx', '--expose-gc'] });
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve((message as { bytes: number }).bytes));
    child.once('exit', (code) => reject(new Error(`expected the bytes of held results, the process ended with ${code}`)));
  });
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

export async function run(): Promise<Report> {
  const bench = await startBenchDatabase();
  await migrate(bench.url);
  const database = createDatabase({ url: bench.url, poolSize: 2, statementTimeoutMs: 120_000, applicationName: 'strikewire-bench' });
  const servers: PageServer[] = [];
  const start = async (name: string, environment: Readonly<Record<string, string>>) => {
    const options = { name, script: './serve-product.ts', query: '{ __typename }' };
    const server = await startPageServer({ ...options, environment: { DATABASE_URL: bench.url, ...environment } });
    servers.push(server);
    return server;
  };
  try {
    await seed(bench.url, database);
    await takeAsRolledUp(database);
    const held = await start('strikewire', {});
    const plain = await start('strikewire without memory', { RECENT_RESULTS: '0' });
    const stored = await look(plain);
    const rates: number[] = [];
    const all: AskedOperation[] = [];
    for (const [index, kind] of KINDS.entries()) {
      const operations = operationsOf(kind, Math.round(ASKED[kind] * OPERATIONS), stored, index + 1);
      rates.push(await hitRate(held, plain, operations));
      all.push(...operations);
    }
    const perOperation = [[], []] as [number[], number[]];
    for (let round = 0; round < ROUNDS; round++) {
      for (const turn of [0, 1]) {
        const index = (round + turn) % 2;
        const server = servers[index]!;
        const before = await server.usage();
        await server.askEach(all);
        perOperation[index]!.push(((await server.usage()) - before) / all.length);
      }
    }
    const heldResults = await held.metric('strikewire_recent_results');
    return report(rates, perOperation.map(median) as [number, number], await measureHeldBytes(), heldResults);
  } finally {
    for (const server of servers) server.stop();
    await database.close();
    await bench.stop();
  }
}

function report(rates: readonly number[], [fromMemory, fromDatabase]: readonly [number, number], bytes: number, held: number): Report {
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  const overall = KINDS.reduce((sum, kind, index) => sum + ASKED[kind] * rates[index]!, 0);
  return {
    title: `Recent results from memory: ${held.toLocaleString('en-US')} held of ${ROWS.toLocaleString('en-US')}, ${OPERATIONS.toLocaleString('en-US')} operations, pages of ${PAGE_ROWS}`,
    peers: [],
    header: ['asked for', 'share', 'from memory'],
    rows: [...KINDS.map((kind, index) => [kind, percent(ASKED[kind]), percent(rates[index]!)]), ['all', percent(1), percent(overall)]],
    notes: [
      `Processor time of the server per operation: ${fromMemory.toFixed(0)} µs, without memory ${fromDatabase.toFixed(0)} µs.`,
      `1,000 held results take ${(bytes / 1e6).toFixed(2)} MB (target ≤ ${(TARGET_BYTES / 1e6).toFixed(0)} MB).`,
    ],
    result: {
      hitRate: Math.round(overall * 1_000) / 1_000,
      microsecondsPerOperation: Math.round(fromMemory),
      overDatabase: Math.round((fromMemory / fromDatabase) * 1_000) / 1_000,
      bytesPerThousand: Math.round(bytes),
      targetMet: bytes <= TARGET_BYTES,
    },
  };
}
