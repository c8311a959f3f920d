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
/** Each contestant is started as often: no two processes of the same program are equally fast. */
const STARTS = 3;
const ROUNDS = 7;
const REQUESTS_PER_ROUND = 150;
const WARM_UP_REQUESTS = 600;
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
    const starts: number[][][] = [];
    for (let start = 0; start < STARTS; start++) {
      for (const contestant of contestants) {
        const server = await startPageServer({ ...contestant, query: QUERY });
        servers.push(server);
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
      starts.push(rounds);
      for (const server of servers.splice(0)) server.stop();
    }
    return report(
      contestants.map(({ name }) => name),
      starts,
    );
  } finally {
    for (const server of servers) server.stop();
    await bench.stop();
  }
}

/** Whoever may read results gets the same bytes. */
function check(name: string, answer: string, expected: string): void {
  const edges = JSON.parse(answer).data?.scanResults.edges;
  if (edges?.length !== PAGE_ROWS || answer !== expected)
    throw new Error(`${name}: expected the page that the others answer, got ${answer.slice(0, 300)}`);
}

/** @param starts of each start, of each contestant, the microseconds of each round */
function report(names: readonly string[], starts: readonly (readonly (readonly number[])[])[]): Report {
  const microseconds = names.map((_name, index) => median(starts.flatMap((rounds) => rounds[index]!)));
  // Of each round by itself, so that what else the machine does counts for both.
  const overheads = names.map((_name, index) =>
    median(starts.map((rounds) => median(rounds[index]!.map((time, round) => time / rounds[0]![round]!)))),
  );
  const [, local, bearer, apiKey] = overheads.map((value) => Math.round(value * 1_000) / 1_000) as [number, number, number, number];
  return {
    title: `A page of ${PAGE_ROWS} results over HTTP: processor time of the server per request, guarded and not`,
    peers: [],
    header: ['', 'µs CPU / request', 'of taken out'],
    rows: names.map((name, index) => [name, microseconds[index]!.toFixed(0), `${overheads[index]!.toFixed(3)} ×`]),
    notes: [
      `Target: ≤ ${TARGET} × with a token and with an API key; measured ${bearer} × and ${apiKey} ×.`,
      `Medians of alternating rounds; the ratio is that within a round: its median over ${ROUNDS} rounds, of which the median over ${STARTS} starts of all servers.`,
    ],
    result: {
      microsecondsTakenOut: Math.round(microseconds[0]!),
      overheadLocal: local,
      overheadToken: bearer,
      overheadApiKey: apiKey,
      targetMet: bearer <= TARGET && apiKey <= TARGET,
    },
  };
}
