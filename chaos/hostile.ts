import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { buildSchema } from 'graphql';
import { SignJWT } from 'jose';
import type { ChaosEnvironment } from './chaos-environment.ts';
import type { ChaosReport } from './chaos-report.ts';
import { attackHttp, attackWebSockets } from './hostile/attack-connections.ts';
import { crowd } from './hostile/crowd.ts';
import { HOSTILE_OPERATIONS } from './hostile/hostile-documents.ts';
import { type HostileServer, startHostileServer } from './hostile/hostile-server.ts';
import { aRandomDocument } from './hostile/random-document.ts';
import { createTally, type Tally } from './hostile/tally.ts';
import { createTransports, type Transports } from './hostile/transports.ts';

export interface HostileOptions {
  /** Documents made along the schema, on each transport. */
  readonly documents: number;
  /** Long documents that differ, on each transport. */
  readonly longDocuments: number;
  /** How often the corpus is sent. */
  readonly rounds: number;
  /** Connections at once, more than the server takes. */
  readonly connections: number;
}

const SECRET = randomUUID() + randomUUID();
const MAXIMUM_CONNECTIONS = 300;
/** Caches of documents and statements, and compiled code: full after some thousand documents, when four times as many add a tenth of it. What long documents could do is far beyond. */
const HEAP_ALLOWANCE_BYTES = 112 * 1_048_576;
/** The largest messages allowed, several at once, parsed and not collected yet. */
const RESIDENT_ALLOWANCE_BYTES = 640 * 1_048_576;
const MEBIBYTE = 1_048_576;
/** The scanner runs beside; that it waits on a busy machine is nothing the sender could see. */
const SLOW = /a commit takes longer than \d+ ms/;

/** Impatient, so that those who are slow are soon told, and generous otherwise, so that what is refused is refused for what it is. */
const SETTINGS = {
  AUTH_JWT_SECRET: SECRET,
  FEED: 'simulated',
  FEED_SIMULATED_UNDERLYINGS: '4',
  SCANNER_MINIMUM_INTERVAL_MS: '1000',
  HTTP_HEADERS_TIMEOUT_MS: '3000',
  HTTP_REQUEST_TIMEOUT_MS: '6000',
  HTTP_KEEP_ALIVE_TIMEOUT_MS: '5000',
  HTTP_MAXIMUM_CONNECTIONS: String(MAXIMUM_CONNECTIONS),
  LIMITS_OPERATIONS_PER_SECOND: '100000',
  LIMITS_BURST: '1000000',
  LIMITS_SOCKETS: '1000',
  LIMITS_MAXIMUM_SOCKETS: '250',
};

/** Sends what nobody should send to one server, on all transports: it must answer or refuse each clearly, keep nothing of it, complain of nothing, and go on serving others. */
export async function hostile(
  environment: ChaosEnvironment,
  { documents, longDocuments, rounds, connections }: HostileOptions,
): Promise<ChaosReport> {
  const { databaseUrl, serverCommand, random, print } = environment;
  const tally = createTally();
  const server = await startHostileServer(serverCommand, { ...SETTINGS, DATABASE_URL: databaseUrl, DATA_DIR: `.chaos-${randomUUID()}` });
  const authorization = `Bearer ${await token()}`;
  const transports = createTransports({ origin: server.origin, webSocketUrl: server.webSocketUrl, authorization });
  try {
    // What is made once, on first use, is no leak.
    await sendCorpus(transports, createTally());
    const before = await server.memory();
    const steps: readonly (readonly [string, () => Promise<void>])[] = [
      ...Array.from({ length: rounds }, (_, round) => [`corpus, round ${round + 1}`, () => sendCorpus(transports, tally)] as const),
      ['documents along the schema', () => sendDocuments(transports, documents, Math.floor(random() * 2 ** 31), tally)],
      ['long documents, each another one', () => sendLongDocuments(transports, longDocuments, tally)],
      ['bytes instead of requests', () => attackHttp({ port: server.port, authorization, tally })],
      ['bytes instead of frames', () => attackWebSockets({ port: server.port, authorization, tally })],
      ['a crowd', () => crowd(server, authorization, connections, tally)],
    ];
    for (const [name, run] of steps) {
      const from = performance.now();
      await run();
      await isWell(server, transports, name, tally);
      const { heapUsed, resident } = await server.memory();
      print(
        `${name}: ${Math.round((performance.now() - from) / 1_000)} s, heap ${mebibytes(heapUsed)} MiB, resident ${mebibytes(resident)} MiB, ${tally.violations.length} violations`,
      );
    }
    const after = await server.memory();
    const peak = await server.peakResident();
    if (after.heapUsed - before.heapUsed > HEAP_ALLOWANCE_BYTES)
      tally.violate(`expected nothing to be kept, the heap grew from ${before.heapUsed} to ${after.heapUsed} bytes`);
    if (peak - before.resident > RESIDENT_ALLOWANCE_BYTES)
      tally.violate(`expected memory to stay bounded, it grew from ${before.resident} to ${peak} bytes`);
    transports.close();
    const code = await server.stop();
    if (code !== 0) tally.violate(`expected a clean stop, got ${code}`);
    for (const complaint of server.complaints()) {
      if (SLOW.test(complaint)) tally.add('slow writes of the scanner');
      else tally.violate(`the server complained: ${complaint}`);
    }
    return {
      counts: {
        ...tally.counts(),
        'heap before, MiB': mebibytes(before.heapUsed),
        'heap after, MiB': mebibytes(after.heapUsed),
        'memory before, MiB': mebibytes(before.resident),
        'memory after, MiB': mebibytes(after.resident),
        'memory at most, MiB': mebibytes(peak),
      },
      violations: tally.violations,
    };
  } finally {
    transports.close();
    if (server.isRunning()) await server.stop();
  }
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / MEBIBYTE);
}

function token(): Promise<string> {
  return new SignJWT({ roles: ['ADMIN'] })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('hostile')
    .setExpirationTime('6h')
    .sign(new TextEncoder().encode(SECRET));
}

async function sendCorpus({ all }: Transports, tally: Tally): Promise<void> {
  for (const { name, ...body } of HOSTILE_OPERATIONS) {
    for (const [transport, send] of Object.entries(all)) {
      try {
        tally.add(await send(body));
      } catch (error) {
        tally.violate(`${name} over ${transport}: ${(error as Error).message}`);
      }
    }
  }
}

/** Whoever remembered them would soon have no memory left. Each way to be long: what is left out, what is wrong, what is a text. */
async function sendLongDocuments({ all }: Transports, count: number, tally: Tally): Promise<void> {
  const filling = ' '.repeat(250_000);
  for (let index = 0; index < count; index++) {
    const query = [`{ __typename }${filling}# ${index}`, `{ nothing${index} }${filling}`, `{ ${index}`.padEnd(250_000)][index % 3]!;
    for (const [transport, send] of Object.entries(all)) {
      try {
        tally.add(await send({ query }));
      } catch (error) {
        tally.violate(`a long document over ${transport}: ${(error as Error).message}`);
      }
    }
  }
}

async function sendDocuments({ all }: Transports, documents: number, seed: number, tally: Tally): Promise<void> {
  const schema = buildSchema(await readFile(new URL('../schema.graphql', import.meta.url), 'utf8'));
  for (const [transport, send] of Object.entries(all)) {
    const property = fc.asyncProperty(aRandomDocument(schema), async (document) => tally.add(await send(document)));
    const { failed, counterexample, errorInstance } = await fc.check(property, {
      numRuns: documents,
      seed,
      endOnFailure: false,
      interruptAfterTimeLimit: 600_000,
    });
    if (failed)
      tally.violate(`${JSON.stringify(counterexample)} over ${transport}, seed ${seed}: ${(errorInstance as Error | null)?.message}`);
  }
}

/** Whether others are served as before. */
async function isWell(server: HostileServer, { all }: Transports, name: string, tally: Tally): Promise<void> {
  if (!server.isRunning()) throw new Error(`expected the server to live through ${name}: ${server.complaints().slice(-3).join('\n')}`);
  for (const [transport, send] of Object.entries(all)) {
    const outcome = await send({ query: '{ scanner { state } }' }).catch((error: unknown) => (error as Error).message);
    if (!/^(HTTP 200|SSE 200|WebSocket answered)$/.test(outcome))
      tally.violate(`after ${name}, over ${transport}: expected an answer, got ${outcome}`);
  }
}
