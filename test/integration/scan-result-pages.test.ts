import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, type Database } from '../../src/db/client.ts';
import { METRICS } from '../../src/domain/candidates/metric.ts';
import { compileFilter } from '../../src/domain/filters/compile-filter.ts';
import type { FilterCriteria } from '../../src/domain/filters/filter-criteria.ts';
import type { ScanResult, ScanResultDraft } from '../../src/domain/results/scan-result.ts';
import { RESULT_METRIC_COLUMNS, type ScanResultColumn } from '../../src/services/results/scan-result-columns.ts';
import { NEWEST_FIRST, type ScanResultOrder } from '../../src/services/results/scan-result-query.ts';
import { createScanResultStore, type ScanResultStore, scanResultCursor } from '../../src/services/results/scan-result-store.ts';
import { scanResultStream } from '../../src/services/results/scan-result-stream.ts';
import { createStreamLog, type StreamLog } from '../../src/services/stream-log/stream-log.ts';
import { aResultDraft } from '../support/a-result-draft.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let testDatabase: TestDatabase;
let database: Database;
let log: StreamLog;
let store: ScanResultStore;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = createDatabase({ url: testDatabase.url, poolSize: 4, statementTimeoutMs: 20_000, applicationName: 'pages-test' });
  log = createStreamLog({ sql: database.sql });
  store = createScanResultStore({ sql: database.sql });
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

async function append(drafts: readonly ScanResultDraft[]): Promise<ScanResult[]> {
  return database.sql.begin((transaction) => log.append(transaction, scanResultStream, drafts, Date.now()));
}

/** Walks to the end, appending `arriving` rows between any two pages. */
async function walk(
  order: ScanResultOrder,
  direction: 'forward' | 'backward',
  limit: number,
  arriving: () => ScanResultDraft[],
): Promise<ScanResult[]> {
  const seen: ScanResult[] = [];
  let cursor: string | null = null;
  for (;;) {
    const page = await store.page({}, order, { direction, limit, cursor });
    seen.push(...(direction === 'forward' ? page.rows : page.rows.toReversed()));
    const more = direction === 'forward' ? page.hasNextPage : page.hasPreviousPage;
    const edge = direction === 'forward' ? page.rows.at(-1) : page.rows[0];
    if (!more || !edge) return seen;
    cursor = scanResultCursor(edge, order);
    await append(arriving());
  }
}

describe('pages of scan results', () => {
  it('skip and double nothing while rows arrive, newest first and backward from the oldest', async () => {
    const before = await append(Array.from({ length: 60 }, () => aResultDraft()));
    const known = before.map((row) => row.sequence);
    const forward = (await walk(NEWEST_FIRST, 'forward', 7, () => [aResultDraft(), aResultDraft()])).map((row) => row.sequence);
    expect(forward).toEqual(known.toReversed());

    const backward = (await walk(NEWEST_FIRST, 'backward', 7, () => [aResultDraft()])).map((row) => row.sequence);
    // Oldest first: what arrives lies ahead, so the walk meets it too, each once.
    expect(new Set(backward).size).toBe(backward.length);
    expect(backward).toEqual(Array.from({ length: backward.length }, (_, index) => index + 1));
    expect(backward.length).toBeGreaterThanOrEqual(60);
  });

  it('ordered by score keep ties apart and leave out results without one', async () => {
    const scores = [50, 70, 50, null, 50, 90, 70, 50];
    const rows = await append(scores.map((score) => aResultDraft({ symbol: 'TIE', metrics: { score } })));
    const order: ScanResultOrder = { field: 'SCORE', direction: 'DESC' };
    const criteria: FilterCriteria = { symbols: { in: ['TIE'] } };
    const seen: number[] = [];
    let cursor: string | null = null;
    for (;;) {
      const page = await store.page({ criteria }, order, { direction: 'forward', limit: 2, cursor });
      seen.push(...page.rows.map((row) => row.sequence));
      if (!page.hasNextPage) break;
      cursor = scanResultCursor(page.rows.at(-1)!, order);
    }
    const expected = rows
      .filter((row) => row.metrics.score !== null)
      .sort((a, b) => b.metrics.score! - a.metrics.score! || b.sequence - a.sequence)
      .map((row) => row.sequence);
    expect(seen).toEqual(expected);
  });

  it('are empty without rows and for a page of none', async () => {
    const nothing = await store.page({ criteria: { symbols: { in: ['NONE'] } } }, NEWEST_FIRST, {
      direction: 'forward',
      limit: 5,
      cursor: null,
    });
    expect(nothing).toEqual({ rows: [], hasNextPage: false, hasPreviousPage: false });
    const none = await store.page({}, NEWEST_FIRST, { direction: 'forward', limit: 0, cursor: null });
    expect(none).toMatchObject({ rows: [], hasNextPage: true });
  });

  it('refuse a cursor of another order', async () => {
    const [row] = await append([aResultDraft()]);
    const byScore = scanResultCursor(row!, { field: 'SCORE', direction: 'DESC' });
    await expect(store.page({}, NEWEST_FIRST, { direction: 'forward', limit: 1, cursor: byScore })).rejects.toThrow(
      'expected a cursor of version 5',
    );
  });
});

describe('what is read of a result', () => {
  const doubles = [
    0,
    0.1 + 0.2,
    1 / 3,
    5e-324,
    2 ** -1074 * 3,
    Number.MIN_VALUE,
    -Number.MAX_VALUE,
    2 ** 53 + 2,
    1e21,
    123_456_789.123_456_79,
    null,
  ];
  const awkward = () =>
    aResultDraft({
      symbol: 'AWKWARD',
      expiration: '2028-02-29',
      quotedAtMs: 1_700_000_000_001,
      reasons: ['a "quote", a \\ and a {brace}', 'line\nbreak\ttab', '', 'NULL', '∞ 😀 \u2028'],
      metrics: Object.fromEntries(METRICS.map(({ name }, index) => [name, doubles[index % doubles.length]!])),
    });
  const readAwkward = async (columns?: ReadonlySet<ScanResultColumn>) =>
    (
      await store.page(
        { criteria: { symbols: { in: ['AWKWARD'] } } },
        NEWEST_FIRST,
        { direction: 'backward', limit: 100, cursor: null },
        columns,
      )
    ).rows;

  it('is exactly what was stored: numbers to the last bit, times to the millisecond, texts to the character', async () => {
    const stored = await append([awkward(), awkward()]);
    expect(await readAwkward()).toStrictEqual(stored.toReversed());
    expect((await store.byIds(stored.map(({ id }) => id))).sort((a, b) => a.sequence - b.sequence)).toStrictEqual(stored);
    const { sequence, detectedAtMs, id, metrics } = stored[1]!;
    expect(await store.byIds([id], RESULT_METRIC_COLUMNS)).toStrictEqual([{ sequence, detectedAtMs, id, metrics }]);
    expect(await scanResultStream.select(database.sql, { atMs: stored[0]!.detectedAtMs, sequence: stored[0]!.sequence }, 1)).toStrictEqual([
      stored[1],
    ]);
  });

  it('is what was asked for and its place', async () => {
    const [{ sequence, detectedAtMs, id, quotedAtMs, metrics }] = (await readAwkward()) as [ScanResult];
    const [read] = await readAwkward(new Set<ScanResultColumn>(['quotedAt', 'score', 'delta']));
    expect(read).toStrictEqual({ sequence, detectedAtMs, id, quotedAtMs, metrics: { delta: metrics.delta, score: metrics.score } });
    expect((await readAwkward(new Set()))[0]).toStrictEqual({ sequence, detectedAtMs, id, metrics: {} });
  });
});

describe('criteria in SQL', () => {
  const values = [null, 0, 0.2, 0.5, 1];
  const criteria: FilterCriteria[] = [
    {},
    { metrics: { delta: { min: 0.2 } } },
    { metrics: { delta: { max: 0.2 } } },
    { metrics: { delta: { isNull: true } } },
    { metrics: { delta: { isNull: false } } },
    { none: [{ metrics: { delta: { min: 0.2 } } }] },
    { any: [{ metrics: { delta: { min: 0.5 } } }, { metrics: { ivRank: { isNull: true } } }] },
    { all: [{ metrics: { delta: { min: 0.1 } } }, { none: [{ metrics: { ivRank: { max: 0.3 } } }] }] },
    { none: [{ none: [{ metrics: { delta: { min: 0.2 } } }] }] },
    { none: [{ any: [{ metrics: { delta: { min: 0.5 } } }, { strategies: { in: ['IRON_CONDOR'] } }] }] },
    { symbols: { notIn: ['Y'] }, strategies: { notIn: ['IRON_CONDOR'] } },
    { expiration: { min: '2026-12-18', max: '2026-12-18' } },
    { expiration: { min: '2026-12-19' } },
  ];

  it('means the same as the predicate over stored results, unknown values included', async () => {
    const run = '01900000-0000-7000-8000-00000000000f';
    const rows = await append(
      values.flatMap((delta) =>
        values.map((ivRank, index) =>
          aResultDraft({
            scanRunId: run,
            symbol: index % 2 ? 'X' : 'Y',
            strategy: index % 3 ? 'IRON_CONDOR' : 'BULL_PUT_SPREAD',
            expiration: index % 2 ? '2026-12-18' : '2026-12-19',
            metrics: { delta, ivRank },
          }),
        ),
      ),
    );
    for (const one of criteria) {
      const page = await store.page({ criteria: one, scanRunIds: [run] }, NEWEST_FIRST, {
        direction: 'backward',
        limit: 100,
        cursor: null,
      });
      const expected = rows.filter((row) => compileFilter(one).matches(row)).map((row) => row.sequence);
      expect({ one, found: page.rows.map((row) => row.sequence).sort((a, b) => a - b) }).toEqual({ one, found: expected });
    }
  });
});
