import { gunzipSync } from 'node:zlib';
import type { GraphQLObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { schema } from '../../../src/schema/index.ts';
import { selectColumns } from '../../../src/server/export/export-columns.ts';
import { aResultDraft } from '../../support/a-result-draft.ts';
import { address } from '../../support/address.ts';
import { askAs } from '../../support/ask-as.ts';
import { httpRequest } from '../../support/http-request.ts';
import { metricValue } from '../../support/metric-value.ts';
import { ndjsonRows } from '../../support/ndjson-rows.ts';
import { parseCsv } from '../../support/parse-csv.ts';
import { type ExportApp, startExportApp } from '../../support/start-export-app.ts';

// biome-ignore lint/suspicious/noExplicitAny: rows of any source
type Row = any;

let served: ExportApp;
let app: ExportApp['app'];
let sql: ExportApp['sql'];
let appender: ExportApp['appender'];
let admin: ExportApp['admin'];
let ann: ExportApp['ann'];
let bob: ExportApp['bob'];
let shared: ExportApp['shared'];
let secret: ExportApp['secret'];
let get: ExportApp['get'];
let origin: ExportApp['origin'];

beforeAll(async () => {
  served = await startExportApp();
  ({ app, sql, appender, admin, ann, bob, shared, secret, get, origin } = served);
});

afterAll(() => served.stop());

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
    // A run is over when its results are stored; what else it found is stored beside them.
    await vi.waitUntil(async () => {
      const [stored] = await sql<{ observations: number; reports: number }[]>`
        select (select count(*)::int from underlying_observations) as observations, (select count(*)::int from scan_reports) as reports`;
      const changesPending = await metricValue(app, 'strikewire_opportunity_changes_pending');
      return stored!.observations === 2 && stored!.reports === 2 && changesPending === 0;
    });
    // Within the range that aggregates are asked for, whatever day it is.
    const quotedAtMs = Date.now() - 3_600_000;
    await appender.append([
      aResultDraft({ filterId: shared, symbol: '=SUM', quotedAtMs, metrics: { score: -1.5, delta: null } }),
      aResultDraft({ filterId: secret, symbol: 'HIDDEN', quotedAtMs }),
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
    expect(ndjsonRows(ndjson).map(only)).toEqual(told);
    expect(Object.keys(ndjsonRows(ndjson)[0]).toSorted()).toEqual(['cursor', ...names].toSorted());

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
    const observations = ndjsonRows(await get('underlying-observations'));
    const stored = await sql`select symbol, price, observed_at from underlying_observations order by observed_at, sequence`;
    expect(observations.map(({ symbol, price, observedAt }) => ({ symbol, price, observed_at: new Date(observedAt) }))).toEqual([
      ...stored,
    ]);
    const only = ndjsonRows(await get(address('underlying-observations', { filter: '{"symbols":["bbb"]}', columns: 'symbol' })));
    expect(new Set(only.map(({ symbol }) => symbol))).toEqual(new Set(['BBB']));

    const reports = ndjsonRows(await get('scan-reports'));
    const storedReports = await sql`select symbol, contracts, candidates from scan_reports order by reported_at, sequence`;
    expect(reports.map(({ symbol, contracts, candidates }) => ({ symbol, contracts, candidates }))).toEqual([...storedReports]);
    // Which filters found what would tell of private ones.
    expect(reports[0]).not.toHaveProperty('filters');
    const rest = ndjsonRows(await get(address('scan-reports', { after: reports[0].cursor })));
    expect(rest).toEqual(reports.slice(1));
  });

  it('aggregates, group after group', async () => {
    const from = new Date(Date.now() - 2 * 86_400_000).toISOString();
    const { data, errors } = await askAs(
      app,
      admin,
      `{ aggregates(metric: RESULT_SCORE, interval: HOUR_1, groupBy: [SYMBOL], range: { from: "${from}" }) {
        groups { dimensions { symbol } buckets { start count avg p50 isFinal } } } }`,
    );
    expect(errors).toBeUndefined();
    const told = data.aggregates.groups
      .toSorted((a: Row, b: Row) => (a.dimensions.symbol < b.dimensions.symbol ? -1 : 1))
      .flatMap(({ dimensions, buckets }: Row) => buckets.map((bucket: Row) => ({ symbol: dimensions.symbol, ...bucket })));
    expect(told.length).toBeGreaterThan(3);
    const path = (rest: Record<string, string> = {}) =>
      address('aggregates', {
        filter: '{"metric":"RESULT_SCORE","interval":"HOUR_1","groupBy":["SYMBOL"]}',
        from,
        columns: 'symbol,start,count,avg,p50,isFinal',
        ...rest,
      });
    const rows = ndjsonRows(await get(path()));
    expect(rows.map(({ cursor: _cursor, ...row }) => row)).toEqual(told);
    expect(ndjsonRows(await get(path({ after: rows[1].cursor })))).toEqual(rows.slice(2));
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
    const rows = ndjsonRows(
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
    expect(ndjsonRows(await get(address('scan-results', { before: '2020-01-01T00:00:00Z' })))).toEqual([]);
    expect(ndjsonRows(await get(address('scan-runs', { filter: '{"kind":"CYCLE"}' })))).toEqual([]);
  });

  it('leaves out what private filters of others have found', async () => {
    const symbols = async (shown: string) =>
      new Set(ndjsonRows(await get('scan-results?columns=symbol', shown)).map(({ symbol }) => symbol));
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
    const told = ndjsonRows(await get('scan-results?progress=true&limit=3'));
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
      'x-accel-buffering': 'no',
      'x-total-count-estimate': expect.stringMatching(/^\d+$/),
    });
  });

  it('can be read by the pages that may', async () => {
    const preflight = await httpRequest(`${app.origin}/export/scan-results`, {
      method: 'OPTIONS',
      headers: { origin: origin, 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers).toMatchObject({ 'access-control-allow-origin': origin, 'access-control-allow-headers': 'authorization' });
    expect((await get('scan-runs', admin, { origin: origin })).headers['access-control-allow-origin']).toBe(origin);
    expect((await get('scan-runs', admin, { origin: 'https://other.example' })).headers).not.toHaveProperty('access-control-allow-origin');
  });
});
