/*
 * What it costs to know who asks and what they may: processor time of the server per page of 100 results over HTTP, with a JSON Web Token (HS256), with an API key, and
 * without authentication, against the same server with authentication, scopes, limits and statement timeouts taken out. Each in a process of its own over the same table.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { createDatabase } from '../dist/db/client.js';
import { migrate } from '../dist/db/migrate.js';
import { startBenchDatabase } from './bench-database.ts';
import { type PageServer, startPageServer } from './page/page-server.ts';
import { seedResults } from './page/seed-results.ts';
import { PAGE_ROWS, SELECTED_FIELDS } from './page/selected-fields.ts';
import type { Report } from './report.ts';

const ROWS = 20_000;
/**
 * Two processes of the same program differ by ten per cent, and the first one started is often the slowest: so there are many of each, started in turn in another order, and
 * what counts is their mean.
 */
const STARTS = 12;
const ROUNDS = 4;
const REQUESTS_PER_ROUND = 100;
const WARM_UP_REQUESTS = 500;
const TARGET = 1.1;

const QUERY = `query { scanResults(first: ${PAGE_ROWS}) { edges { cursor node { ${SELECTED_FIELDS.join(' ')} } } pageInfo { hasNextPage endCursor } } }`;
/** The default rate is made for people. */
const RATE = { LIMITS_OPERATIONS_PER_SECOND: '1000000', LIMITS_BURST: '10000000' };
const PRODUCT = './serve-product.ts';

function token(secret: string, role: string): Promise<string> {
  return new SignJWT({ roles: [role] })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(`${role} of the benchmark`)
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(secret));
}

async function createApiKey(environment: Record<string, string>, adminToken: string): Promise<string> {
  const query =
    'mutation { apiKeyCreate(input: { name: "benchmark", roles: [TRADER] }) { __typename ... on ApiKeyCreatePayload { key } ... on Error { message } } }';
  const server = await startPageServer({
    name: 'the maker of keys',
    script: PRODUCT,
    query,
    headers: { authorization: `Bearer ${adminToken}` },
    environment,
  });
  try {
    const answer = await server.ask(1);
    const key = JSON.parse(answer).data?.apiKeyCreate.key;
    if (!key) throw new Error(`expected an API key, got ${answer.slice(0, 500)}`);
    return key;
  } finally {
    server.stop();
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

export async function run(): Promise<Report> {
  const bench = await startBenchDatabase();
  const servers: PageServer[] = [];
  try {
    await migrate(bench.url);
    const database = createDatabase({ url: bench.url, poolSize: 2, statementTimeoutMs: 120_000, applicationName: 'strikewire-bench' });
    await seedResults(database, ROWS).finally(database.close);

    const secret = randomBytes(32).toString('base64url');
    const open = { DATABASE_URL: bench.url };
    const guarded = { ...open, ...RATE, AUTH_JWT_SECRET: secret };
    const key = await createApiKey(guarded, await token(secret, 'ADMIN'));
    const contestants = [
      { name: 'taken out', script: '../auth/serve-open.ts', environment: open },
      { name: 'no authentication, scopes and limits', script: PRODUCT, environment: open },
      {
        name: 'token (HS256), scopes and limits',
        script: PRODUCT,
        environment: guarded,
        headers: { authorization: `Bearer ${await token(secret, 'TRADER')}` },
      },
      { name: 'API key, scopes and limits', script: PRODUCT, environment: guarded, headers: { authorization: `Bearer ${key}` } },
    ];
    let expected = '';
    /** Of each start, of each contestant. */
    const starts: number[][] = [];
    for (let start = 0; start < STARTS; start++) {
      for (let turn = 0; turn < contestants.length; turn++) {
        const index = (start + turn) % contestants.length;
        const contestant = contestants[index]!;
        const server = await startPageServer({ ...contestant, query: QUERY });
        servers[index] = server;
        const answer = await server.ask(WARM_UP_REQUESTS);
        expected ||= answer;
        check(contestant.name, answer, expected);
      }
      const rounds = contestants.map(() => [] as number[]);
      for (let round = 0; round < ROUNDS; round++) {
        for (let turn = 0; turn < servers.length; turn++) {
          const index = (round + start + turn) % servers.length;
          const before = await servers[index]!.usage();
          const answer = await servers[index]!.ask(REQUESTS_PER_ROUND);
          rounds[index]!.push(((await servers[index]!.usage()) - before) / REQUESTS_PER_ROUND);
          check(contestants[index]!.name, answer, expected);
        }
      }
      starts.push(rounds.map(median));
      for (const server of servers.splice(0)) server.stop();
    }
    return report(
      contestants.map(({ name }) => name),
      starts,
    );
  } finally {
    // Some of them may not have been started.
    for (const server of Object.values(servers)) server.stop();
    await bench.stop();
  }
}

/** Whoever may read results gets the same bytes. */
function check(name: string, answer: string, expected: string): void {
  const edges = JSON.parse(answer).data?.scanResults.edges;
  if (edges?.length !== PAGE_ROWS || answer !== expected)
    throw new Error(`${name}: expected the page that the others answer, got ${answer.slice(0, 300)}`);
}

/** @param starts of each start, of each contestant, microseconds */
function report(names: readonly string[], starts: readonly (readonly number[])[]): Report {
  // Of each start by itself, so that what else the machine does counts for both.
  const logarithms = names.map((_name, index) => starts.map((times) => Math.log(times[index]! / times[0]!)));
  const overheads = logarithms.map((values) => Math.round(Math.exp(mean(values)) * 1_000) / 1_000);
  const errors = logarithms.map((values) => {
    const centre = mean(values);
    return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1) / values.length);
  });
  const [, local, bearer, apiKey] = overheads as [number, number, number, number];
  return {
    title: `A page of ${PAGE_ROWS} results over HTTP: processor time of the server per request, guarded and not`,
    peers: [],
    header: ['', 'µs CPU / request', 'of taken out', 'standard error'],
    rows: names.map((name, index) => [
      name,
      mean(starts.map((times) => times[index]!)).toFixed(0),
      `${overheads[index]!.toFixed(3)} ×`,
      `± ${errors[index]!.toFixed(3)}`,
    ]),
    notes: [
      `Target: ≤ ${TARGET} × with a token and with an API key; measured ${bearer} × and ${apiKey} ×.`,
      `Of each start of a server the median of ${ROUNDS} rounds, taken in turns; the ratio is the geometric mean over ${STARTS} starts of all servers.`,
    ],
    result: {
      microsecondsTakenOut: Math.round(mean(starts.map(([takenOut]) => takenOut!))),
      overheadLocal: local,
      overheadToken: bearer,
      overheadApiKey: apiKey,
      standardErrorToken: Math.round(errors[2]! * 1_000) / 1_000,
      standardErrorApiKey: Math.round(errors[3]! * 1_000) / 1_000,
      targetMet: bearer <= TARGET && apiKey <= TARGET,
    },
  };
}
