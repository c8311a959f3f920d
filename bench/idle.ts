/*
 * 10,000 WebSockets with one subscription each, on which nothing happens for 90 seconds: processor time of the server over that time, beside what it
 * takes without them, and the memory its process holds more
 * than before they came, after a garbage collection. Product and stock server stand idle at the same time, so that both see the same machine; each has clients in a
 * process of its own. Both ping their sockets as they do by default and get their answers.
 * Needs about 10,100 open files for each process; the limit is raised as far as the system lets it.
 */
import { startBenchDatabase } from './bench-database.ts';
import { type Child, startChild } from './live/child.ts';
import { type ContestantKind, STOCK, STRIKEWIRE } from './live/contestant.ts';
import { SCAN_RESULTS } from './live/live-operation.ts';
import type { ServerMemory, ServerUsage } from './live/serve-live.ts';
import type { Report } from './report.ts';

const SUBSCRIBERS = 10_000;
/** Twice the product's time between two pings. */
const IDLE_MS = 90_000;
/** After the last connection: what was only postponed happens now. */
const SETTLE_MS = 5_000;
/** How long the server is watched before they come. */
const BASE_MS = 20_000;
const OPEN_FILES = 10_500;
const KINDS = [STRIKEWIRE, STOCK];

interface Idler {
  readonly server: Child;
  readonly client: Child;
  readonly bytesPerSubscriber: number;
  /** Processor time the server takes without these subscribers, of a core. */
  readonly baseShare: number;
}

const usage = (server: Child) => server.ask<ServerUsage>({ kind: 'usage' }, 'usage');
const memory = (server: Child) => server.ask<ServerMemory>({ kind: 'memory' }, 'memory');
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function start(kind: ContestantKind, index: number, databaseUrl: string): Promise<Idler> {
  const server = startChild(kind.script, { env: { DATABASE_URL: databaseUrl }, nodeArguments: ['--expose-gc'], openFiles: OPEN_FILES });
  const client = startChild('live-client.ts', { openFiles: OPEN_FILES });
  const { port } = await server.next<{ port: number }>('listening');
  const connect = (target: string, subscribers: number) =>
    client.ask(
      {
        kind: 'connect',
        target,
        port,
        operations: [{ query: SCAN_RESULTS, variables: {} }],
        subscribers,
        // A source address has fewer ports than there are sockets.
        localAddresses: [1, 2, 3, 4].map((last) => `127.0.${index}.${last}`),
        hasFirstItem: kind.hasFirstItem,
      },
      'connected',
    );
  // What the first subscribers make the server load is not theirs.
  await connect('warm-up', 100);
  await pause(500);
  const baseShare = await idleShare(server, BASE_MS);
  const before = await memory(server);
  await connect(kind.name, SUBSCRIBERS);
  await pause(SETTLE_MS);
  const after = await memory(server);
  const { count } = await server.ask<{ count: number }>({ kind: 'subscribers' }, 'subscribers');
  if (count !== SUBSCRIBERS + 100) throw new Error(`expected ${SUBSCRIBERS + 100} subscribers of ${kind.name}, got ${count}`);
  return { server, client, bytesPerSubscriber: (after.residentBytes - before.residentBytes) / SUBSCRIBERS, baseShare };
}

/** Processor time of a server over a time, of a core. */
async function idleShare(server: Child, overMs: number): Promise<number> {
  const before = await usage(server);
  await pause(overMs);
  const after = await usage(server);
  return (after.microseconds - before.microseconds) / 1_000 / overMs;
}

export async function run(): Promise<Report> {
  const database = await startBenchDatabase();
  const idlers: Idler[] = [];
  try {
    for (const [index, kind] of KINDS.entries()) idlers.push(await start(kind, index + 1, database.url));
    const shares = await Promise.all(idlers.map(({ server }) => idleShare(server, IDLE_MS)));
    const counts = await Promise.all(idlers.map(({ server }) => server.ask<{ count: number }>({ kind: 'subscribers' }, 'subscribers')));
    for (const { count } of counts) {
      if (count !== SUBSCRIBERS + 100) throw new Error(`expected everybody to stay subscribed, got ${count} of ${SUBSCRIBERS + 100}`);
    }
    const violations = await Promise.all(idlers.map(({ client }) => client.ask<{ closed: number }>({ kind: 'closed' }, 'closed')));
    if (violations.some(({ closed }) => closed > 0)) throw new Error('expected no socket to be closed');
    return report(shares, idlers);
  } finally {
    for (const { server, client } of idlers) {
      client.kill();
      server.kill();
    }
    await database.stop();
  }
}

function report(shares: readonly number[], idlers: readonly Idler[]): Report {
  const percent = (share: number) => Math.round(share * 10_000) / 100;
  const added = shares.map((share, index) => percent(share - idlers[index]!.baseShare)) as [number, number];
  const kibibytes = idlers.map(({ bytesPerSubscriber }) => Math.round(bytesPerSubscriber / 102.4) / 10) as [number, number];
  return {
    title: `${SUBSCRIBERS.toLocaleString('en-US')} idle subscribers for ${IDLE_MS / 1_000} seconds: processor time of the server, of a core`,
    peers: ['ws', 'graphql-yoga', 'graphql-ws'],
    header: ['', 'with', 'without', 'added', 'KiB / subscriber'],
    rows: KINDS.map(({ name }, index) => [
      name,
      `${percent(shares[index]!).toFixed(2)} %`,
      `${percent(idlers[index]!.baseShare).toFixed(2)} %`,
      `${added[index]!.toFixed(2)} %`,
      kibibytes[index]!.toFixed(1),
    ]),
    notes: [`Targets: < 1 % of a core; they add ${added[0].toFixed(2)} %. Memory not above the stock server's.`],
    result: {
      percentOfCore: percent(shares[0]!),
      percentOfCoreAdded: added[0],
      stockPercentOfCoreAdded: added[1],
      kibibytesPerSubscriber: kibibytes[0],
      stockKibibytesPerSubscriber: kibibytes[1],
      targetMet: added[0] < 1 && kibibytes[0] <= kibibytes[1],
    },
  };
}
