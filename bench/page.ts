/*
 * One page of 100 results over HTTP: processor time of the server per request, for the product, for the least a server can do (the limit), for PostGraphile 5 and for a stock
 * graphql-yoga server, each in a process of its own over the same table. And page 10,000 against page 1, by cursor and by offset. ROWS of the environment asks for more rows
 * than 210,000; those are made by PostgreSQL, with less in each.
 */
import { pino } from 'pino';
import { createDatabase } from '../dist/db/client.js';
import { migrate } from '../dist/db/migrate.js';
import { createEnsureChunks } from '../dist/db/time-series/ensure-chunks.js';
import { setUpTimeSeries } from '../dist/db/time-series/set-up-time-series.js';
import { NEWEST_FIRST } from '../dist/services/results/scan-result-query.js';
import { createScanResultStore, scanResultCursor } from '../dist/services/results/scan-result-store.js';
import { startBenchDatabase } from './bench-database.ts';
import { checkPlans } from './page/check-plans.ts';
import { type PageServer, startPageServer } from './page/page-server.ts';
import { seedResults } from './page/seed-results.ts';
import { PAGE_ROWS, SELECTED_FIELDS } from './page/selected-fields.ts';
import { takeAsRolledUp } from './page/take-as-rolled-up.ts';
import type { Report } from './report.ts';
import { DAYS, FIRST_DAY_MS, seedRows } from './rollups/seed-rows.ts';

/** More than 10,000 pages of 20: the last page takes a second look for what is not there. */
const FULL_ROWS = 210_000;
const ROWS = Number(process.env.ROWS ?? FULL_ROWS);
const ROUNDS = 15;
const REQUESTS_PER_ROUND = 100;
const WARM_UP_REQUESTS = 300;
const DEEP_PAGE_ROWS = 20;
const DEEP_PAGE = 10_000;

type Database = ReturnType<typeof createDatabase>;

interface Contestant {
  readonly name: string;
  readonly script: string;
  readonly query: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** The nodes of an answer. */
  readonly nodes: (answer: { data: Record<string, { edges: { node: Record<string, unknown> }[] }> }) => Record<string, unknown>[];
}

const FIELDS = SELECTED_FIELDS.join(' ');
const OURS = `query { scanResults(first: ${PAGE_ROWS}) { edges { cursor node { ${FIELDS} } } pageInfo { hasNextPage endCursor } } }`;
const POSTGRAPHILE = `query { allScanResults: allScanResults(first: ${PAGE_ROWS}, orderBy: [DETECTED_AT_DESC, SEQUENCE_DESC]) { edges { cursor node { ${FIELDS.replace('id', 'id: rowId')} } } pageInfo { hasNextPage endCursor } } }`;

const ofConnection: Contestant['nodes'] = ({ data }) => data.scanResults!.edges.map((edge) => edge.node);

const CONTESTANTS: readonly Contestant[] = [
  {
    name: 'strikewire, from the database (RECENT_RESULTS=0)',
    script: './serve-product.ts',
    query: OURS,
    environment: { RECENT_RESULTS: '0' },
    nodes: ofConnection,
  },
  { name: 'limit: postgres.js + JSON.stringify', script: './serve-limit.ts', query: OURS, nodes: ofConnection },
  {
    name: 'PostGraphile 5',
    script: './serve-postgraphile.mjs',
    query: POSTGRAPHILE,
    nodes: ({ data }) => data.allScanResults!.edges.map((edge) => edge.node),
  },
  { name: 'stock graphql-yoga', script: './serve-stock.ts', query: OURS, nodes: ofConnection },
  { name: 'strikewire as it ships: recent results from memory', script: './serve-product.ts', query: OURS, nodes: ofConnection },
];

interface Running {
  readonly contestant: Contestant;
  readonly server: PageServer;
}

/** Every contestant must answer with the same rows in the same order. */
function check({ contestant }: Running, text: string, expected: readonly string[]): void {
  const answer = JSON.parse(text);
  if (answer.errors) throw new Error(`${contestant.name}: expected data, got ${JSON.stringify(answer.errors).slice(0, 500)}`);
  const scores = contestant.nodes(answer).map((node) => Number(node.score).toFixed(9));
  if (scores.join() !== expected.join()) throw new Error(`${contestant.name}: expected the newest ${PAGE_ROWS} rows, got others`);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** In chunks, as the product keeps them. */
async function seed(url: string, database: Database): Promise<void> {
  const log = pino({ level: 'error' });
  const backing = await setUpTimeSeries({ url, log, nowMs: Date.now() });
  const ensureChunks = createEnsureChunks({ sql: database.sql, backing: backing.kind, log });
  if (ROWS === FULL_ROWS) {
    // Recent ones, the newest of which the product holds in memory.
    const firstMs = Date.now() - FULL_ROWS * 10 - 60_000;
    await ensureChunks('scan_results', firstMs, Date.now());
    await seedResults(database, FULL_ROWS, firstMs);
    return;
  }
  await ensureChunks('scan_results', FIRST_DAY_MS, FIRST_DAY_MS + DAYS * 86_400_000);
  await seedRows(database, ROWS);
  await database.sql.unsafe('vacuum analyze scan_results');
}

interface DeepPages {
  /** Milliseconds. */
  readonly first: number;
  readonly deep: number;
  readonly offset: number;
  readonly cursor: string;
  /** When the rows of page 10,000 were stored, epoch milliseconds. */
  readonly atMs: number;
}

/** Page 1 and page 10,000, by cursor and by offset, medians of alternating reads. */
async function deepPages(database: Database): Promise<DeepPages> {
  const store = createScanResultStore({ sql: database.sql });
  const skipped = (DEEP_PAGE - 1) * DEEP_PAGE_ROWS;
  const [before] = await database.sql<{ sequence: number; at: number }[]>`
    select sequence, detected_at as at from scan_results order by detected_at desc, sequence desc offset ${skipped - 1} limit 1`;
  const cursor = scanResultCursor({ sequence: before!.sequence, detectedAtMs: before!.at } as never, NEWEST_FIRST);
  const read = (from: string | null) => store.page({}, NEWEST_FIRST, { direction: 'forward', limit: DEEP_PAGE_ROWS, cursor: from });
  const last = await read(cursor);
  const lowest = ROWS - skipped - DEEP_PAGE_ROWS + 1;
  if (last.rows.length !== DEEP_PAGE_ROWS || last.rows.at(-1)!.sequence !== lowest)
    throw new Error(`expected 20 rows on page 10,000, down to number ${lowest}`);
  const readOffset = () =>
    database.sql`select sequence from scan_results order by detected_at desc, sequence desc offset ${skipped} limit ${DEEP_PAGE_ROWS}`;
  const times: Record<'first' | 'deep' | 'offset', number[]> = { first: [], deep: [], offset: [] };
  const timed = async (into: number[], work: () => PromiseLike<unknown>) => {
    const started = performance.now();
    await work();
    into.push(performance.now() - started);
  };
  for (let round = 0; round < 300; round++) {
    await timed(times.first, () => read(null));
    await timed(times.deep, () => read(cursor));
    if (round % 30 === 0) await timed(times.offset, readOffset);
  }
  return { first: median(times.first), deep: median(times.deep), offset: median(times.offset), cursor, atMs: before!.at };
}

export async function run(): Promise<Report> {
  const bench = await startBenchDatabase();
  await migrate(bench.url);
  const database = createDatabase({ url: bench.url, poolSize: 2, statementTimeoutMs: 120_000, applicationName: 'strikewire-bench' });
  const running: Running[] = [];
  try {
    await seed(bench.url, database);
    await takeAsRolledUp(database);
    const pages = await deepPages(database);
    const plans = await checkPlans(bench.url, pages.cursor, pages.atMs);
    const newest = await createScanResultStore({ sql: database.sql }).page({}, NEWEST_FIRST, {
      direction: 'forward',
      limit: PAGE_ROWS,
      cursor: null,
    });
    const expected = newest.rows.map((row) => row.metrics.score!.toFixed(9));
    for (const contestant of CONTESTANTS) {
      const { name, script, query, environment } = contestant;
      const server = await startPageServer({ name, script, query, environment: { DATABASE_URL: bench.url, ...environment } });
      running.push({ contestant, server });
      check(running.at(-1)!, await server.ask(WARM_UP_REQUESTS), expected);
    }
    const perRequest = CONTESTANTS.map(() => [] as number[]);
    for (let round = 0; round < ROUNDS; round++) {
      for (let turn = 0; turn < running.length; turn++) {
        const index = (round + turn) % running.length;
        const { server } = running[index]!;
        const before = await server.usage();
        const answer = await server.ask(REQUESTS_PER_ROUND);
        perRequest[index]!.push(((await server.usage()) - before) / REQUESTS_PER_ROUND);
        check(running[index]!, answer, expected);
      }
    }
    return report(perRequest, pages, await hitRate(running.at(-1)!.server), plans);
  } finally {
    for (const { server } of running) server.stop();
    await database.close();
    await bench.stop();
  }
}

/** The share of the pages that a product has answered from memory. */
async function hitRate(server: PageServer): Promise<number> {
  const name = 'strikewire_recent_result_pages_total';
  return (await server.metric(name, 'source="memory"')) / (await server.metric(name));
}

/** The median of what two contestants' rounds are to each other: the machine is not as fast in one round as in the next. */
function ratio(of: readonly number[], to: readonly number[]): number {
  return median(of.map((microseconds, index) => microseconds / to[index]!));
}

function report(perRequest: readonly (readonly number[])[], pages: DeepPages, hits: number, plans: number): Report {
  const [stored, limit, postgraphile, stock, ours] = perRequest as readonly [number[], number[], number[], number[], number[]];
  const [overLimit, overPostGraphile] = [ratio(ours, limit), ratio(ours, postgraphile)];
  const [storedOverLimit, storedOverPostGraphile] = [ratio(stored, limit), ratio(stored, postgraphile)];
  const round = (value: number) => Math.round(value * 1_000) / 1_000;
  return {
    title: `A page of ${PAGE_ROWS} results over HTTP, ${ROWS.toLocaleString('en-US')} rows: processor time of the server per request`,
    peers: ['postgraphile'],
    header: ['', 'µs CPU / request', 'of the limit'],
    rows: CONTESTANTS.map(({ name }, index) => [
      name,
      median(perRequest[index]!).toFixed(0),
      `${ratio(perRequest[index]!, limit).toFixed(2)} ×`,
    ]),
    notes: [
      `Targets: ≤ 2.5 × limit; measured ${overLimit.toFixed(2)} × (from the database ${storedOverLimit.toFixed(2)} ×). ≤ 0.6 × PostGraphile; measured ${overPostGraphile.toFixed(2)} × (from the database ${storedOverPostGraphile.toFixed(2)} ×).`,
      `As it ships, ${(hits * 100).toFixed(1)} % of the pages came from memory; \`recent\` measures other pages.`,
      `Page ${DEEP_PAGE.toLocaleString('en-US')} of ${DEEP_PAGE_ROWS} rows: by cursor ${pages.deep.toFixed(2)} ms, page 1 ${pages.first.toFixed(2)} ms (target ≤ 1.2 ×, measured ${(pages.deep / pages.first).toFixed(2)} ×); by offset ${pages.offset.toFixed(1)} ms.`,
      `The statements of ${plans} kinds of pages were explained: all go by indexes, none reads chunks of other times than it is asked for.`,
    ],
    result: {
      microsecondsPerRequest: Math.round(median(ours)),
      overLimit: round(overLimit),
      overPostGraphile: round(overPostGraphile),
      overStock: round(ratio(ours, stock)),
      databaseOverLimit: round(storedOverLimit),
      databaseOverPostGraphile: round(storedOverPostGraphile),
      hitRate: round(hits),
      rows: ROWS,
      deepPageOverFirst: round(pages.deep / pages.first),
      offsetPageOverFirst: round(pages.offset / pages.first),
      targetMet: overLimit <= 2.5 && overPostGraphile <= 0.6 && pages.deep <= 1.2 * pages.first,
    },
  };
}
