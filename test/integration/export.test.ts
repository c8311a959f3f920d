import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gunzipSync } from 'node:zlib';
import type { GraphQLObjectType } from 'graphql';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { schema } from '../../src/schema/index.ts';
import { selectColumns } from '../../src/server/export/export-columns.ts';
import { aChainFeed } from '../support/a-chain-feed.ts';
import { aResultDraft } from '../support/a-result-draft.ts';
import { aBearerToken, TOKEN_SECRET } from '../support/a-token.ts';
import { askAs } from '../support/ask-as.ts';
import { holdLock } from '../support/hold-lock.ts';
import { type HttpAnswer, httpRequest } from '../support/http-request.ts';
import { metricValue } from '../support/metric-value.ts';
import { parseCsv } from '../support/parse-csv.ts';
import { createResultAppender, type ResultAppender } from '../support/result-appender.ts';
import { startTestApp, type TestApp } from '../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { waitingStatements } from '../support/waiting-statements.ts';

const MANY = 100_000;
const STALL_MS = 1_500;
const ORIGIN = 'https://desk.example';

let database: TestDatabase;
let sql: postgres.Sql;
let app: TestApp;
let appender: ResultAppender;
let admin: string;
let ann: string;
let bob: string;
/** Ids of the filter that everybody sees and of the one only Ann does. */
let shared: string;
let secret: string;

// biome-ignore lint/suspicious/noExplicitAny: rows of any source
type Row = any;

beforeAll(async () => {
  database = await createTestDatabase();
  sql = postgres(database.url, { max: 1, onnotice: () => {} });
  appender = createResultAppender(database.url);
  app = await startTestApp({
    databaseUrl: database.url,
    feed: aChainFeed(['AAA', 'BBB']),
    env: {
      AUTH_JWT_SECRET: TOKEN_SECRET,
      CORS_ORIGINS: ORIGIN,
      HTTP_IDLE_TIMEOUT_MS: String(STALL_MS),
      LIMITS_ROLES: JSON.stringify({ ANALYST: { exportRows: 10 }, DEVELOPER: { concurrentOperations: 1 } }),
    },
  });
  admin = await aBearerToken();
  ann = await aBearerToken({ subject: 'ann', roles: ['TRADER'] });
  bob = await aBearerToken({ subject: 'bob', roles: ['TRADER'] });
  shared = await make(ann, 'Shared', {});
  secret = await make(ann, 'Mine', { visibility: 'PRIVATE' });
});

afterAll(async () => {
  const isClean = await app.stop();
  await appender.close();
  await sql.end();
  await database.drop();
  if (!isClean) throw new Error('expected a clean stop');
});

/** The id within a global id. */
function idIn(globalId: string): string {
  return atob(globalId).split(':')[1]!;
}

async function make(shown: string, name: string, rest: Record<string, unknown>): Promise<string> {
  const { data } = await askAs(
    app,
    shown,
    `mutation ($input: FilterCreateInput!) { filterCreate(input: $input) { ... on FilterCreatePayload { filter { id } } } }`,
    { input: { name, criteria: { score: { min: 0 } }, ...rest } },
  );
  return idIn(data.filterCreate.filter.id as string);
}

const get = (path: string, shown = admin, headers: Record<string, string> = {}): Promise<HttpAnswer> =>
  httpRequest(`${app.origin}/export/${path}`, { headers: { authorization: shown, ...headers } });

function lines(answer: { body: Buffer }): Row[] {
  return answer.body
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);
}

function address(path: string, parameters: Record<string, string>): string {
  return `${path}?${new URLSearchParams(parameters)}`;
}

interface Cut {
  readonly rows: Row[];
  readonly trailers: NodeJS.Dict<string>;
}

/** Reads NDJSON until as many rows have come, then cuts the connection; with its trailers when it ended before. */
function readRows(path: string, most = Number.POSITIVE_INFINITY, onData: (response: IncomingMessage) => void = () => {}): Promise<Cut> {
  return new Promise((resolve, reject) => {
    const sent: ClientRequest = request(`${app.origin}/export/${path}`, { headers: { authorization: admin }, agent: false }, (response) => {
      const rows: Row[] = [];
      let rest = '';
      const done = () => resolve({ rows, trailers: response.trailers });
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        onData(response);
        const parts = (rest + chunk).split('\n');
        rest = parts.pop()!;
        for (const part of parts) if (rows.length < most) rows.push(JSON.parse(part));
        if (rows.length >= most) {
          done();
          response.destroy();
        }
      });
      response.once('end', done);
      response.once('error', (error) => (rows.length >= most ? undefined : reject(error)));
    });
    sent.once('error', reject);
    sent.end();
  });
}

describe('what is exported is what GraphQL says', () => {
  const LEGS = 'legs { symbol quantity ... on OptionLeg { right strike expiration bid ask impliedVolatility delta } }';
  const ALL_OF_RESULTS = selectColumns(
    schema.getType('ScanResult') as GraphQLObjectType,
    {
      within: {
        filter: { only: ['id', 'name'] },
        scanRun: { only: ['id'] },
        legs: LEGS.replace('legs ', ''),
        scoreComponents: '{ name weight value explanation }',
      },
    },
    null,
  ).text.slice(2, -2);
  const OPPORTUNITY = `id state filter { id name } filterRevision symbol strategy ${LEGS} expiration expiresAt firstSeenAt lastSeenAt leftAt leaveReason bestScore lastScore observations`;
  const CASES = [
    // Every field that there is: one that is added to the schema belongs into the file.
    ['scan-results', 'scanResults', ALL_OF_RESULTS],
    ['opportunities', 'opportunities', OPPORTUNITY],
    ['opportunity-changes', 'opportunityChanges', `kind at opportunity { ${OPPORTUNITY} }`],
    [
      'scan-runs',
      'scanRuns',
      'id kind state symbols symbolsDone symbolsTotal requestedAt startedAt finishedAt durationMs contracts candidates results duplicates drops { stage reason count } failures { symbol code message }',
    ],
  ] as const;

  beforeAll(async () => {
    const { data } = await askAs(
      app,
      ann,
      'mutation { scanRequest(input: { symbols: ["AAA", "BBB"] }) { ... on ScanRequestPayload { scanRun { id } } } }',
    );
    const { id } = data.scanRequest.scanRun;
    await vi.waitFor(async () => {
      const { data: told } = await askAs(app, admin, 'query ($id: ID!) { scanRun(id: $id) { state results } }', { id });
      if (told.scanRun.state !== 'COMPLETED' || told.scanRun.results <= 10)
        throw new Error(`expected a run with results, got ${JSON.stringify(told)}`);
    });
    await appender.append([
      aResultDraft({ filterId: shared, symbol: '=SUM', metrics: { score: -1.5, delta: null } }),
      aResultDraft({ filterId: secret, symbol: 'HIDDEN' }),
    ]);
  });

  it.each(CASES)('%s', async (path, field, selection) => {
    const { data, errors } = await askAs(app, admin, `{ ${field}(first: 200) { edges { cursor node { ${selection} } } } }`);
    expect(errors).toBeUndefined();
    const told = data[field].edges.map(({ cursor, node }: Row) => ({ cursor, ...node }));
    expect(told.length).toBeGreaterThan(0);
    const names = Object.keys(told[0]).filter((name) => name !== 'cursor');
    const only = (row: Row) => Object.fromEntries(['cursor', ...names].map((name) => [name, row[name]]));

    const ndjson = await get(address(path, { limit: '200' }));
    expect(ndjson.headers['content-type']).toBe('application/x-ndjson; charset=utf-8');
    expect(lines(ndjson).map(only)).toEqual(told);
    expect(Object.keys(lines(ndjson)[0]).toSorted()).toEqual(['cursor', ...names].toSorted());

    const json = (await get(address(path, { format: 'json', limit: '200' }))).json() as Row;
    expect(json.rows.map(only)).toEqual(told);
    expect(json.export).toMatchObject({ rows: told.length, cursor: told.at(-1).cursor });

    const csv = await get(address(path, { format: 'csv', columns: names.join(','), limit: '200' }));
    const [head, ...records] = parseCsv(csv.body.toString());
    expect(records).toHaveLength(told.length);
    for (const [index, record] of records.entries()) {
      for (const [column, name] of head!.entries()) {
        const value = name.split('.').reduce((part: Row, key: string) => part?.[key], told[index]);
        const cell = value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
        expect(record[column]).toBe(name === 'symbol' && cell.startsWith('=') ? `'${cell}` : cell);
      }
    }
  });

  it('underlying observations and scan reports are what is stored, in order', async () => {
    const observations = lines(await get('underlying-observations'));
    const stored = await sql`select symbol, price, observed_at from underlying_observations order by observed_at, sequence`;
    expect(observations.map(({ symbol, price, observedAt }) => ({ symbol, price, observed_at: new Date(observedAt) }))).toEqual([
      ...stored,
    ]);
    const only = lines(await get(address('underlying-observations', { filter: '{"symbols":["bbb"]}', columns: 'symbol' })));
    expect(new Set(only.map(({ symbol }) => symbol))).toEqual(new Set(['BBB']));

    const reports = lines(await get('scan-reports'));
    const storedReports = await sql`select symbol, contracts, candidates from scan_reports order by reported_at, sequence`;
    expect(reports.map(({ symbol, contracts, candidates }) => ({ symbol, contracts, candidates }))).toEqual([...storedReports]);
    // Which filters found what would tell of private ones.
    expect(reports[0]).not.toHaveProperty('filters');
    const rest = lines(await get(address('scan-reports', { after: reports[0].cursor })));
    expect(rest).toEqual(reports.slice(1));
  });

  it('aggregates, group after group', async () => {
    const from = '2026-11-20T00:00:00Z';
    const { data, errors } = await askAs(
      app,
      admin,
      `{ aggregates(metric: RESULT_SCORE, interval: MINUTE_1, groupBy: [SYMBOL], range: { from: "${from}" }) {
        groups { dimensions { symbol } buckets { start count avg p50 isFinal } } } }`,
    );
    expect(errors).toBeUndefined();
    const told = data.aggregates.groups
      .toSorted((a: Row, b: Row) => (a.dimensions.symbol < b.dimensions.symbol ? -1 : 1))
      .flatMap(({ dimensions, buckets }: Row) => buckets.map((bucket: Row) => ({ symbol: dimensions.symbol, ...bucket })));
    expect(told.length).toBeGreaterThan(3);
    const path = (rest: Record<string, string> = {}) =>
      address('aggregates', {
        filter: '{"metric":"RESULT_SCORE","interval":"MINUTE_1","groupBy":["SYMBOL"]}',
        from,
        columns: 'symbol,start,count,avg,p50,isFinal',
        ...rest,
      });
    const rows = lines(await get(path()));
    expect(rows.map(({ cursor: _cursor, ...row }) => row)).toEqual(told);
    expect(lines(await get(path({ after: rows[1].cursor })))).toEqual(rows.slice(2));
    const [head] = parseCsv((await get(path({ format: 'csv', columns: 'filter,symbol,sum' }))).body.toString());
    expect(head).toEqual(['cursor', 'filter.id', 'filter.name', 'symbol', 'sum']);
    expect((await get(path({ filter: '{"metric":"RESULT_SCORE"}' }))).status).toBe(400);
  });

  it('alerts and their changes can be asked for when there are none', async () => {
    for (const path of ['alerts', 'alert-changes']) {
      const answer = await get(address(path, { format: 'csv' }));
      expect([answer.status, parseCsv(answer.body.toString()).length]).toEqual([200, 1]);
    }
  });

  it('takes the criteria of GraphQL', async () => {
    const rows = lines(
      await get(
        address('scan-results', { filter: JSON.stringify({ symbols: { in: ['AAA'] }, score: { min: 60 } }), columns: 'symbol,score' }),
      ),
    );
    const { data } = await askAs(
      app,
      admin,
      '{ scanResults(first: 500, filter: { symbols: { in: ["AAA"] }, score: { min: 60 } }) { edges { cursor node { symbol score } } } }',
    );
    expect(rows).toEqual(data.scanResults.edges.map(({ cursor, node }: Row) => ({ cursor, ...node })));
    expect(rows.length).toBeGreaterThan(0);
    expect(lines(await get(address('scan-results', { before: '2020-01-01T00:00:00Z' })))).toEqual([]);
    expect(lines(await get(address('scan-runs', { filter: '{"kind":"CYCLE"}' })))).toEqual([]);
  });

  it('leaves out what private filters of others have found', async () => {
    const symbols = async (shown: string) => new Set(lines(await get('scan-results?columns=symbol', shown)).map(({ symbol }) => symbol));
    expect(await symbols(ann)).toContain('HIDDEN');
    expect(await symbols(admin)).toContain('HIDDEN');
    expect(await symbols(bob)).not.toContain('HIDDEN');
    expect(await symbols(bob)).toContain('=SUM');
  });

  it('comes compressed to who accepts that', async () => {
    const plain = await get('scan-results?format=csv');
    const zipped = await get('scan-results?format=csv', admin, { 'accept-encoding': 'gzip' });
    expect(zipped.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(zipped.body).equals(plain.body)).toBe(true);
    expect(zipped.body.length).toBeLessThan(plain.body.length / 2);
  });

  it('tells how far it is to who wants to know', async () => {
    const told = lines(await get('scan-results?progress=true&limit=3'));
    const states = told.filter((line) => !('cursor' in line));
    expect(states).toEqual([{ export: { rows: 3, estimatedRows: expect.any(Number), cursor: told[2].cursor, isComplete: false } }]);
  });

  it('answers HEAD with the headers alone', async () => {
    const answer = await httpRequest(`${app.origin}/export/scan-results?format=csv`, { method: 'HEAD', headers: { authorization: admin } });
    expect([answer.status, answer.body.length]).toEqual([200, 0]);
    expect(answer.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': 'attachment; filename="scan-results.csv"',
      'x-export-row-limit': '1000000',
      'x-total-count-estimate': expect.stringMatching(/^\d+$/),
    });
  });

  it('can be read by the pages that may', async () => {
    const preflight = await httpRequest(`${app.origin}/export/scan-results`, {
      method: 'OPTIONS',
      headers: { origin: ORIGIN, 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers).toMatchObject({ 'access-control-allow-origin': ORIGIN, 'access-control-allow-headers': 'authorization' });
    expect((await get('scan-runs', admin, { origin: ORIGIN })).headers['access-control-allow-origin']).toBe(ORIGIN);
    expect((await get('scan-runs', admin, { origin: 'https://other.example' })).headers).not.toHaveProperty('access-control-allow-origin');
  });
});

describe('what is refused', () => {
  it('who shows nothing, who may not, and pages of others', async () => {
    const nobody = await httpRequest(`${app.origin}/export/scan-results`);
    expect([nobody.status, nobody.headers['www-authenticate']]).toEqual([401, 'Bearer']);
    expect((nobody.json() as Row).errors[0].extensions).toMatchObject({ code: 'UNAUTHENTICATED', failure: 'MISSING' });
    const developer = await get('scan-results', await aBearerToken({ roles: ['DEVELOPER'] }));
    expect(developer.status).toBe(403);
    expect((developer.json() as Row).errors[0].extensions).toMatchObject({ code: 'FORBIDDEN', permission: 'READ_RESULTS' });
    const page = await httpRequest(`${app.origin}/export/scan-results`, {
      headers: { 'sec-fetch-site': 'cross-site', 'user-agent': 'Mozilla/5.0' },
    });
    expect([page.status, (page.json() as Row).errors[0].extensions.code]).toEqual([403, 'CROSS_SITE_REQUEST']);
    expect((await httpRequest(`${app.origin}/export/scan-results`, { method: 'POST', headers: { authorization: admin } })).status).toBe(
      405,
    );
    expect((await get('nothing')).status).toBe(404);
  });

  it.each([
    ['another parameter', { filtr: '{}' }, 'filtr: expected one of format, after, limit, columns, progress, filter, from, before, order'],
    ['another format', { format: 'xml' }, 'format: expected ndjson, csv, json, got "xml"'],
    ['no JSON', { filter: '{' }, 'filter: expected JSON'],
    ['another criterion', { filter: '{"scroe":{"min":1}}' }, 'Field "scroe" is not defined by type "ScanResultFilter"'],
    ['a range upside down', { filter: '{"score":{"min":2,"max":1}}' }, 'filter.score'],
    ['another column', { columns: 'symbol,prise' }, 'columns: expected some of id, '],
    ['no cursor', { after: 'abc' }, 'expected a cursor'],
    ['no count', { limit: '0' }, 'limit: expected a count ≥ 1, got "0"'],
    ['no time', { from: 'yesterday' }, 'DateTime'],
  ])('%s, as JSON that says what was expected', async (_what, parameters, message) => {
    const answer = await get(address('scan-results', parameters as unknown as Record<string, string>));
    expect(answer.status).toBe(400);
    const [error] = (answer.json() as Row).errors;
    expect(error.message).toContain(message);
    expect(error.extensions.requestId).toBe(answer.headers['x-request-id']);
  });

  it('more rows than are granted, with the limit and the value; without a count, as many come as are granted', async () => {
    const analyst = await aBearerToken({ roles: ['ANALYST'] });
    const refused = await get('scan-results?limit=11', analyst);
    expect(refused.status).toBe(400);
    expect((refused.json() as Row).errors[0].extensions).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      limit: 'exportRows',
      allowed: 10,
      requested: 11,
    });
    const { rows, export: state } = (await get('scan-results?format=json', analyst)).json() as Row;
    expect(rows).toHaveLength(10);
    expect(state).toMatchObject({ rows: 10, isComplete: false, cursor: rows[9].cursor });
  });
});

describe('a long export', () => {
  let beforehand: number;

  beforeAll(async () => {
    const [template] = await appender.append([aResultDraft({ filterId: shared, symbol: 'MANY' })]);
    const columns = await sql<{ name: string }[]>`
      select quote_ident(column_name) as name from information_schema.columns
      where table_name = 'scan_results' and table_schema = 'public' and column_name not in ('sequence', 'detected_at', 'id')`;
    const rest = columns.map(({ name }) => name).join(', ');
    await sql.unsafe(
      `insert into scan_results (sequence, detected_at, id, ${rest})
       select sequence + n, detected_at + n * interval '1 millisecond', gen_random_uuid(), ${rest} from scan_results, generate_series(1, ${MANY - 1}) as n
       where sequence = ${template!.sequence}`,
    );
    await sql`update stream_heads set last_sequence = last_sequence + ${MANY - 1}, last_at = last_at + ${MANY - 1} * interval '1 millisecond'
      where stream = 'scan-results'`;
    await sql`analyze scan_results`;
    const [count] = await sql<{ count: number }[]>`select count(*)::int as count from scan_results`;
    beforehand = count!.count;
  }, 120_000);

  it('of 100,000 rows holds a page of them', { timeout: 300_000 }, async () => {
    setFlagsFromString('--expose_gc');
    const collect = runInNewContext('gc') as () => void;
    const heaps: number[] = [];
    let bytes = 0;
    let rows = 0;
    await new Promise<void>((resolve, reject) => {
      request(
        `${app.origin}/export/scan-results?columns=id,symbol,score,legs,reasons`,
        { headers: { authorization: admin }, agent: false },
        (response) => {
          expect(Number(response.headers['x-total-count-estimate'])).toBeGreaterThan(MANY / 2);
          response.on('data', (chunk: Buffer) => {
            if (Math.floor(bytes / 5_000_000) < Math.floor((bytes + chunk.length) / 5_000_000)) {
              collect();
              const { heapUsed, external } = process.memoryUsage();
              heaps.push(heapUsed + external);
            }
            bytes += chunk.length;
            for (const byte of chunk) if (byte === 10) rows++;
          });
          response.once('end', () => {
            expect(response.trailers).toMatchObject({ 'x-export-rows': String(beforehand), 'x-export-complete': 'true' });
            resolve();
          });
          response.once('error', reject);
        },
      ).end();
    });
    expect(rows).toBe(beforehand);
    expect(bytes).toBeGreaterThan(50_000_000);
    // The first sample is taken with everything in place that an export needs. Meanwhile the server rolls these rows up, a batch of them in memory.
    const growth = Math.max(...heaps) - heaps[0]!;
    console.info(`${rows} rows, ${bytes} bytes; heap at most ${Math.round(growth / 1_024)} KiB above its beginning`);
    expect(growth).toBeLessThan(32_000_000);
  });

  it('goes on where it was cut, without loss or doubling, while rows arrive', { timeout: 120_000 }, async () => {
    const filter = JSON.stringify({ symbols: { in: ['CUT'] } });
    const arrive = (count: number) =>
      appender.append(Array.from({ length: count }, () => aResultDraft({ filterId: shared, symbol: 'CUT' })));
    const first = await arrive(2_000);
    for (const order of ['DESC', 'ASC']) {
      const seen: string[] = [];
      let after: string | null = null;
      for (;;) {
        const path = address('scan-results', { filter, order, columns: 'id', ...(after !== null && { after }) });
        const { rows, trailers }: Cut = await readRows(path, 700);
        seen.push(...rows.map(({ id }: Row) => idIn(id)));
        after = rows.at(-1)?.cursor ?? after;
        if (trailers['x-export-complete'] === 'true') break;
        if (seen.length < 2_500) await arrive(10);
      }
      // Newest first, what arrived meanwhile lies before the beginning.
      const all = (await sql`select id from scan_results where symbol = 'CUT' order by sequence`).map(({ id }) => id as string);
      expect(seen).toEqual(order === 'DESC' ? first.map(({ id }) => id).toReversed() : all);
    }
  });

  it('ends when its client takes nothing, and holds nothing meanwhile', { timeout: 60_000 }, async () => {
    const rowsBefore = await metricValue(app, 'strikewire_export_rows_total');
    const socket = connect(app.address.port, '127.0.0.1');
    socket.write(`GET /export/scan-results HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: ${admin}\r\n\r\n`);
    socket.pause();
    try {
      await vi.waitFor(async () => expect(await metricValue(app, 'strikewire_exports_total', { outcome: 'stalled' })).toBe(1), 30_000);
      // What the buffers of the two sockets took.
      expect((await metricValue(app, 'strikewire_export_rows_total')) - rowsBefore).toBeLessThan(20_000);
      expect(await metricValue(app, 'strikewire_exports_running')).toBe(0);
    } finally {
      socket.destroy();
    }
  });

  it('counts as an operation that runs', async () => {
    const developer = await aBearerToken({ subject: 'dev', roles: ['DEVELOPER'] });
    const lock = await holdLock(database.url, 'lock table scan_runs in access exclusive mode');
    const first = get('scan-runs', developer);
    try {
      await vi.waitFor(async () => expect(await waitingStatements(database.url)).toHaveLength(1));
      const second = await get('scan-runs', developer);
      expect(second.status).toBe(429);
      expect((second.json() as Row).errors[0].extensions).toMatchObject({ limit: 'concurrentOperations', allowed: 1, requested: 2 });
    } finally {
      await lock.release();
    }
    expect((await first).status).toBe(200);
  });

  it('whose client goes away no longer runs in the database', async () => {
    const lock = await holdLock(database.url, 'lock table scan_results in access exclusive mode');
    try {
      const sent = request(`${app.origin}/export/scan-results`, { headers: { authorization: admin }, agent: false });
      sent.on('error', () => {});
      sent.end();
      // Others wait as well, such as those of rollups.
      const ofExport = async () => (await waitingStatements(database.url)).filter((text) => /^explain|json_agg\(result\)/.test(text));
      await vi.waitFor(async () => expect((await ofExport()).length).toBeGreaterThan(0));
      sent.destroy();
      await vi.waitFor(async () => expect(await ofExport()).toEqual([]));
    } finally {
      await lock.release();
    }
  });

  it('ends at the next page when its token is revoked', async () => {
    const token = await aBearerToken({ subject: 'leaver', roles: ['TRADER'], id: 'leaver-token' });
    const failed = await metricValue(app, 'strikewire_exports_total', { outcome: 'failed' });
    await new Promise<void>((resolve, reject) => {
      const sent = request(
        `${app.origin}/export/scan-results?columns=id`,
        { headers: { authorization: token }, agent: false },
        async (response) => {
          response.pause();
          response.once('error', () => resolve());
          response.once('end', () => reject(new Error('expected it to be cut, got all of it')));
          const { errors } = await askAs(app, admin, 'mutation { tokenRevoke(input: { tokenId: "leaver-token" }) { __typename } }');
          if (errors) reject(new Error(JSON.stringify(errors)));
          response.resume();
        },
      );
      sent.once('error', reject);
      sent.end();
    });
    await vi.waitFor(async () => expect(await metricValue(app, 'strikewire_exports_total', { outcome: 'failed' })).toBe(failed + 1));
  });

  it('that is cut over HTTP/1.0, which has no other sign of it, resets the connection', async () => {
    const token = await aBearerToken({ subject: 'leaver', roles: ['TRADER'], id: 'old-token' });
    const socket = connect(app.address.port, '127.0.0.1');
    const ending = new Promise<string>((resolve) => {
      socket.once('error', ({ code }: NodeJS.ErrnoException) => resolve(String(code)));
      socket.once('end', () => resolve('as if it were complete'));
    });
    socket.write(`GET /export/scan-results?columns=id HTTP/1.0\r\nhost: 127.0.0.1\r\nauthorization: ${token}\r\n\r\n`);
    const [head] = (await once(socket, 'data')) as [Buffer];
    socket.pause();
    expect(head.toString()).toMatch(/^HTTP\/1\.1 200 (?!.*transfer-encoding).*\r\nx-accel-buffering: no\r\n/is);
    await askAs(app, admin, 'mutation { tokenRevoke(input: { tokenId: "old-token" }) { __typename } }');
    socket.resume();
    expect(await ending).toBe('ECONNRESET');
  });
});
