/*
 * How long the event loop of a server is held up, and by what: while it rolls up a backlog, scans the simulated market and chains of 20,000 contracts, answers for the first time and again, with
 * subscribers connected; and while pages, aggregates and exports are asked for without a pause beside either scan. A timer due every millisecond tells of stretches; what ran is told by
 * samples of the stack, collections of garbage by Node.js. A stretch counts by the processor time of the thread: on a machine that has other work to do the wall clock tells of that work as well.
 * WATCH_PROFILE=false leaves the profiler out, which slows down what runs for the first time: then only the times are told. WATCH_SECONDS: how long each scan is watched; FEED and
 * FEED_PATH: another feed than the simulated market. At the end two threads that do nothing show what the machine itself takes.
 */
import { createDatabase } from '../dist/db/client.js';
import { migrate } from '../dist/db/migrate.js';
import { scanResultStream } from '../dist/services/results/scan-result-stream.js';
import { startBenchDatabase } from './bench-database.ts';
import { askedOperations, SUBSCRIPTIONS } from './event-loop/asked-operations.ts';
import type { HeldUp } from './event-loop/clock-reader.ts';
import { machineHoldUps } from './event-loop/machine-hold-ups.ts';
import { seedMinutes } from './event-loop/seed-minutes.ts';
import type { Watched } from './event-loop/serve-watched.ts';
import { startWatchedServer, type WatchedServer } from './event-loop/watched-server.ts';
import type { Report } from './report.ts';

const MINUTES = 19_000;
const SECONDS = Number(process.env.WATCH_SECONDS ?? 30);
const SOCKETS = 20;
const ALLOWED_MS = 20;
const NOTHING = 'two threads that only look at the clock';
/** Stretches of each part that are told in full, and pieces of work of each. */
const STRETCHES_TOLD = 4;
const WORK_TOLD = 4;
const EXPORTS = ['/export/scan-results?format=csv&limit=20000', '/export/scan-results?format=ndjson&limit=20000'];
/** Scans as often as prices change, and rolls up at once. */
const LOAD = {
  SCANNER_MINIMUM_INTERVAL_MS: '0',
  SCANNER_RESULTS_PER_FILTER: '20',
  ROLLUPS_INTERVAL_MS: '1000',
  FEED: process.env.FEED ?? 'simulated',
};

interface Part {
  readonly name: string;
  readonly watched: Watched;
}

export async function run(): Promise<Report> {
  const database = await startBenchDatabase();
  try {
    const beforeMs = Math.floor(Date.now() / 60_000) * 60_000;
    await migrate(database.url);
    const client = createDatabase({ url: database.url, poolSize: 1, statementTimeoutMs: 0, applicationName: 'strikewire-bench' });
    await seedMinutes(client, MINUTES, beforeMs);
    const operations = askedOperations(beforeMs, MINUTES).map(({ name, query }) => ({ name, query }));
    const isRolledUp = async () => {
      const [place] = await client.sql<{ behind: number }[]>`
        select last_sequence - coalesce((select sequence from stream_positions where consumer = 'rollups' and stream = stream_heads.stream), 0) as behind
        from stream_heads where stream = ${scanResultStream.name}`;
      return place!.behind === 0;
    };
    const parts: Part[] = [];
    const askFor = async (server: WatchedServer, seconds: number) => {
      for (const deadlineMs = performance.now() + seconds * 1_000; performance.now() < deadlineMs; ) {
        for (const { query } of operations) await server.ask(query);
        await Promise.all(EXPORTS.map((path) => server.get(path)));
      }
    };
    const scanAndAsk = async (server: WatchedServer) => {
      await Promise.all([scanFor(server, SECONDS), askFor(server, SECONDS)]);
    };
    const note = async (name: string, server: WatchedServer, work: () => Promise<void>) => {
      const part = { name, watched: await server.watch(work) };
      parts.push(part);
      tell(part);
    };
    await withServer(database.url, {}, async (server) => {
      await note('rolling up a backlog', server, () => until(isRolledUp));
      for (let socket = 0; socket < SOCKETS; socket++) await server.subscribe(SUBSCRIPTIONS);
      await note('scanning the feed', server, () => scanFor(server, SECONDS));
      await note('scanning the feed, with pages, aggregates and exports', server, () => scanAndAsk(server));
    });
    await withServer(database.url, {}, async (server) => {
      const asked = [...operations, ...server.examples.filter(({ query }) => /^\s*(?:#.*\s*)*query/.test(query) && !query.includes('!)'))];
      for (const { name, query } of asked) await note(`first: ${name}`, server, () => server.ask(query));
      await note('first: subscriptions', server, () => server.subscribe(SUBSCRIPTIONS));
      for (const path of [...EXPORTS, '/metrics', '/graphiql'])
        await note(`first: ${path}`, server, async () => void (await server.get(path)));
      await note('the same again, three times', server, async () => {
        for (let round = 0; round < 3; round++) for (const { query } of asked) await server.ask(query);
      });
    });
    await withServer(database.url, { FULL_CHAINS: 'true' }, async (server) => {
      for (let socket = 0; socket < SOCKETS; socket++) await server.subscribe(SUBSCRIPTIONS);
      await note('full chains: scanning', server, () => scanFor(server, SECONDS));
      await note('full chains: scanning, with pages, aggregates and exports', server, () => scanAndAsk(server));
    });
    await client.close();
    return report(parts, await machineHoldUps(SECONDS));
  } finally {
    await database.stop();
  }
}

async function withServer(url: string, env: Record<string, string>, work: (server: WatchedServer) => Promise<void>): Promise<void> {
  const server = await startWatchedServer({ DATABASE_URL: url, ...LOAD, ...env });
  try {
    await work(server);
  } finally {
    server.kill();
  }
}

async function scanFor(server: WatchedServer, seconds: number): Promise<void> {
  await server.ask('mutation { scannerStart { scanner { state } } }');
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  await server.ask('mutation { scannerStop { scanner { state } } }');
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await new Promise((resolve) => setTimeout(resolve, 100));
}

function tell({ name, watched: { stretches, toldMs } }: Part): void {
  console.log(`${name}: ${stretches.length} stretches above 10 ms; the server says ${toldMs.toFixed(0)} ms`);
  for (const { cpuMs, wallMs, waitedMs, garbageMs, work } of stretches.slice(0, STRETCHES_TOLD)) {
    const garbage = Object.entries(garbageMs).map(([kind, ms]) => `, ${ms.toFixed(1)} ms ${kind} collection`);
    console.log(
      `  ${cpuMs.toFixed(1)} ms of the processor, ${wallMs.toFixed(1)} ms by the clock, ${waitedMs.toFixed(1)} ms waited for it${garbage.join('')}`,
    );
    for (const { ms, path } of work.slice(0, WORK_TOLD)) console.log(`    ${ms.toFixed(1)} ms ${path.slice(-6).join(' > ')}`);
  }
}

function report(parts: readonly Part[], ofMachine: readonly HeldUp[]): Report {
  const longest = (stretches: readonly HeldUp[], of: 'cpuMs' | 'wallMs') =>
    stretches.reduce((most, stretch) => Math.max(most, stretch[of]), 0);
  const above = (stretches: readonly HeldUp[]) => stretches.filter(({ cpuMs }) => cpuMs > ALLOWED_MS).length;
  const all = parts.flatMap(({ watched: { stretches } }) => stretches);
  const shown = (ms: number) => (ms === 0 ? '< 10' : ms.toFixed(1));
  return {
    title: 'Longest stretches in which the event loop came to no timer: milliseconds',
    peers: [],
    header: ['', 'processor', 'clock', `above ${ALLOWED_MS} ms`, 'above 10 ms'],
    rows: [...parts.map(({ name, watched: { stretches } }) => [name, stretches] as const), [NOTHING, ofMachine] as const].map(
      ([name, stretches]) => [
        name,
        shown(longest(stretches, 'cpuMs')),
        shown(longest(stretches, 'wallMs')),
        String(above(stretches)),
        String(stretches.length),
      ],
    ),
    notes: [
      'processor: of this thread within the stretch, as on a machine without other work; clock: with what other processes took. "above 20 ms" counts by the processor, "above 10 ms" by the clock.',
      `${NOTHING}: on a virtual machine the host takes the processor away, and part of what it takes is counted as the thread's; a server is held up by that as well.`,
      `Target: none above ${ALLOWED_MS} ms; measured ${above(all)}, the longest ${longest(all, 'cpuMs').toFixed(1)} ms.`,
    ],
    result: {
      longestProcessorMs: Math.round(longest(all, 'cpuMs') * 10) / 10,
      longestClockMs: Math.round(longest(all, 'wallMs') * 10) / 10,
      stretchesAboveAllowed: above(all),
      longestOfMachineMs: Math.round(longest(ofMachine, 'cpuMs') * 10) / 10,
      targetMet: above(all) === 0,
    },
  };
}
