import { pino } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEnsureChunks } from '../../../src/db/time-series/ensure-chunks.ts';
import { listChunks } from '../../../src/db/time-series/list-chunks.ts';
import { setUpTimeSeries } from '../../../src/db/time-series/set-up-time-series.ts';
import type { TimeSeriesBackingKind } from '../../../src/db/time-series/time-series-backing.ts';
import { timeSeriesTable } from '../../../src/db/time-series/time-series-tables.ts';
import { ROLLUP_METRICS } from '../../../src/domain/rollups/rollup-metric.ts';
import { createRowAggregates } from '../../../src/services/history/row-aggregates.ts';
import { createRowSummaries } from '../../../src/services/history/row-summary.ts';
import { createScanResultHistory } from '../../../src/services/results/scan-result-history.ts';
import { NEWEST_FIRST, type ScanResultOrder } from '../../../src/services/results/scan-result-query.ts';
import { createScanResultStore } from '../../../src/services/results/scan-result-store.ts';
import { scanResultStream } from '../../../src/services/results/scan-result-stream.ts';
import { encodePosition } from '../../../src/services/stream-log/cursor.ts';
import { createStreamLog } from '../../../src/services/stream-log/stream-log.ts';
import { STREAM_START } from '../../../src/services/stream-log/stream-position.ts';
import { aResultDraft } from '../../support/a-result-draft.ts';
import { type RecordedStatements, recordedStatements, type Scan } from '../../support/recorded-statements.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 21, 12);
const WEEKS = 8;
const ROWS_PER_WEEK = 2_500;
const FILTERS = ['01900000-0000-7000-8000-00000000000a', '01900000-0000-7000-8000-00000000000b'];
const RUN = '01900000-0000-7000-8000-00000000000c';

let testDatabase: TestDatabase;
let recorded: RecordedStatements;
let backing: TimeSeriesBackingKind;
/** The chunks with rows, oldest first. */
let filled: string[];

beforeAll(async () => {
  const log = pino({ level: 'silent' });
  testDatabase = await createTestDatabase();
  ({ kind: backing } = await setUpTimeSeries({ url: testDatabase.url, log, nowMs: NOW }));
  recorded = recordedStatements(testDatabase.url);
  const { sql } = recorded;
  await createEnsureChunks({ sql, backing, log })('scan_results', NOW - WEEKS * 7 * DAY, NOW);
  // One as the product stores it, and copies of it in SQL: every so often one of another filter, and a run of eleven.
  const [row] = await sql.begin((transaction) => createStreamLog({ sql }).append(transaction, scanResultStream, [aResultDraft()], NOW));
  const rows = WEEKS * ROWS_PER_WEEK;
  const columns = await sql<{ name: string }[]>`
    select attname as name from pg_attribute where attrelid = 'scan_results'::regclass and attnum > 0 and not attisdropped
      and attname <> all(array['sequence', 'detected_at', 'id', 'filter_id', 'scan_run_id', 'score']) order by attnum`;
  const others = columns.map(({ name }) => `"${name}"`).join(', ');
  await sql.unsafe(
    `insert into scan_results (sequence, detected_at, id, filter_id, scan_run_id, score, ${others})
     select number + 1, to_timestamp($1::float8 / 1000) - ($2 - number) * interval '7 days' / $3, gen_random_uuid(),
       (case when number % 100 = 0 then $4 else $5 end)::uuid,
       (case when number between 5000 and 5010 then $6 else gen_random_uuid()::text end)::uuid, number % 997, ${others}
     from scan_results, generate_series(1, $2::int) as number where sequence = $7`,
    [NOW, rows, ROWS_PER_WEEK, FILTERS[1]!, FILTERS[0]!, RUN, row!.sequence],
  );
  await sql.unsafe('analyze scan_results');
  const chunks = await listChunks(sql, backing, timeSeriesTable('scan_results'));
  filled = chunks.filter((chunk) => chunk.rows > 0).map(({ relation }) => nameOf(relation));
});

afterAll(async () => {
  await recorded.close();
  await testDatabase.drop();
});

const nameOf = (relation: string) => relation.split('.').at(-1)!;
const store = () => createScanResultStore({ sql: recorded.sql });
const cursorAt = (daysAgo: number) => encodePosition(scanResultStream.name, { atMs: NOW - daysAgo * DAY, sequence: 1 });
const forward = (cursor: string | null = null, limit = 50) => ({ direction: 'forward', cursor, limit }) as const;

/** The chunks with rows that were read. */
const chunksIn = (scans: readonly Scan[]) => filled.filter((chunk) => scans.some(({ relation }) => relation === chunk));
const sequential = (scans: readonly Scan[]) => scans.filter(({ relation, kind }) => kind === 'Seq Scan' && filled.includes(relation));

async function readsOf(work: () => Promise<unknown>): Promise<string[]> {
  const scans = await recorded.scans(work);
  expect(sequential(scans)).toEqual([]);
  return chunksIn(scans);
}

describe(`with ${WEEKS} weeks of results`, () => {
  it('there is a chunk for each', () => {
    expect(filled).toHaveLength(WEEKS + 1);
  });

  it('a page that is bounded by time reads the chunks of that time only', async () => {
    const range = { detectedFromMs: NOW - 20 * DAY, detectedBeforeMs: NOW - 18 * DAY };
    expect(await readsOf(() => store().page(range, NEWEST_FIRST, forward()))).toEqual([filled.at(-4)!]);
  });

  it('a page behind a cursor, or in front of one, reads the chunks around it', async () => {
    const older = await readsOf(() => store().page({}, NEWEST_FIRST, forward(cursorAt(30))));
    expect(filled.slice(-6, -4)).toEqual(expect.arrayContaining(older));
    expect(older).not.toEqual([]);
    const newer = await readsOf(() => store().page({}, NEWEST_FIRST, { direction: 'backward', cursor: cursorAt(30), limit: 50 }));
    expect(filled.slice(-5, -3)).toEqual(expect.arrayContaining(newer));
    expect(newer).not.toEqual([]);
  });

  it('a page that there is not enough for around its cursor reads on, but nothing newer than the cursor', async () => {
    const page = await readsOf(() => store().page({ scanRunIds: [RUN] }, NEWEST_FIRST, forward(cursorAt(9))));
    expect(filled.slice(0, -1)).toEqual(expect.arrayContaining(page));
    expect(page).toContain(filled[2]);
    const { rows } = await store().page({ scanRunIds: [RUN] }, NEWEST_FIRST, forward(cursorAt(9)));
    expect(rows.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 11 }, (_, index) => 5_011 - index));
  });

  it.each<[string, ScanResultOrder]>([
    ['the newest', NEWEST_FIRST],
    ['the best', { field: 'SCORE', direction: 'DESC' }],
    ['those with the least return', { field: 'RETURN_ON_RISK', direction: 'ASC' }],
  ])('a page of %s is read by an index in each chunk', async (_name, order) => {
    expect(await readsOf(() => store().page({}, order, forward()))).not.toEqual([]);
  });

  it('a page of one filter, and one of a run, is read by an index', async () => {
    for (const query of [{ filterIds: [FILTERS[1]!] }, { scanRunIds: [RUN] }]) {
      expect(await readsOf(() => store().page(query, NEWEST_FIRST, forward()))).not.toEqual([]);
    }
  });

  it('the stream is read from the chunk of its position on, by an index', async () => {
    const after = { atMs: NOW - 9 * DAY, sequence: WEEKS * ROWS_PER_WEEK - 3_300 };
    const read = await readsOf(() => scanResultStream.select(recorded.sql, after, 10));
    expect(filled.slice(-2)).toEqual(expect.arrayContaining(read));
    expect(read).not.toEqual([]);
    await readsOf(() => scanResultStream.select(recorded.sql, STREAM_START, 1_000));
  });

  it('what subscribers catch up with is read between its bounds', async () => {
    const [after, until] = [20, 18].map((days) => ({ atMs: NOW - days * DAY, sequence: 1 }));
    const history = createScanResultHistory({ sql: recorded.sql });
    expect(await readsOf(() => history.between({}, after!, until!, 100))).toEqual([filled.at(-4)!]);
    expect(await readsOf(() => history.count({ filterIds: [FILTERS[1]!] }, after!, until!, 1_000))).toEqual([filled.at(-4)!]);
  });

  it('a result is looked for by its id in the chunk of its time; in the others only when it is not there', async () => {
    const [row] = await recorded.sql.begin((transaction) =>
      createStreamLog({ sql: recorded.sql }).append(transaction, scanResultStream, [aResultDraft({ id: uuidv7({ msecs: NOW }) })], NOW),
    );
    expect(await readsOf(() => store().byIds([row!.id]))).toEqual([filled.at(-1)!]);
    expect(await readsOf(() => store().byIds([uuidv7({ msecs: NOW })]))).toEqual(filled);
  });

  it('figures from the rows of a range are computed without the chunks before it', async () => {
    const query = {
      metric: ROLLUP_METRICS.find(({ name }) => name === 'RESULT_SCORE')!,
      where: {},
      criteria: { metrics: { score: { min: 1 } } },
      hiddenFilterIds: [],
    };
    const fromMs = NOW - 3 * DAY;
    const aggregates = createRowAggregates({ sql: recorded.sql });
    const scans = await recorded.scans(() => aggregates.read({ ...query, bounds: [fromMs, NOW - DAY, NOW], groupBy: [], most: 10 }));
    expect(chunksIn(scans)).not.toEqual([]);
    expect(filled.slice(-2)).toEqual(expect.arrayContaining(chunksIn(scans)));
    const summaries = createRowSummaries({ sql: recorded.sql });
    expect(chunksIn(await recorded.scans(() => summaries.all({ ...query, fromMs, beforeMs: NOW })))).toEqual(chunksIn(scans));
  });

  it('cells are looked up in the chunks of their time', async () => {
    const { sql } = recorded;
    await createEnsureChunks({ sql, backing, log: pino({ level: 'silent' }) })('rollup_minutes', NOW - 90 * DAY, NOW);
    await sql.unsafe(
      `insert into rollup_minutes (series_id, bucket, count, sum, min, max, m2, first, first_at, last, last_at, p50, p95, p99, sketch, updated_at)
       select series, at, 1, 1, 1, 1, 0, 1, at, 1, at, 1, 1, 1, '\\x00', at
       from generate_series(1, 20) as series, generate_series(to_timestamp($1::float8 / 1000) - interval '80 days', to_timestamp($1::float8 / 1000), interval '2 hours') as at`,
      [NOW],
    );
    await sql.unsafe('analyze rollup_minutes');
    const minutes = (await listChunks(sql, backing, timeSeriesTable('rollup_minutes'))).filter(({ rows }) => rows > 0);
    const scans = await recorded.scans(
      () => sql`
        select * from rollup_minutes where series_id = any(${[3, 4]}::int[]) and bucket >= ${new Date(NOW - 2 * DAY)} and bucket < ${new Date(NOW)}
        order by series_id, bucket`,
    );
    expect(minutes.length).toBeGreaterThanOrEqual(3);
    expect(new Set(scans.map(({ relation }) => relation))).toEqual(new Set([nameOf(minutes.at(-1)!.relation)]));
    expect(scans.filter(({ kind }) => kind === 'Seq Scan')).toEqual([]);
  });
});
