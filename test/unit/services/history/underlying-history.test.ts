import { expect, it } from 'vitest';
import type { RollupCell } from '../../../../src/domain/rollups/rollup-cell.ts';
import { createUnderlyingHistory, type SeriesRequest } from '../../../../src/services/history/underlying-history.ts';
import type { ReadCell, RollupQuery } from '../../../../src/services/rollups/rollup-reader.ts';

const DAY_MS = 86_400_000;
const at = (day: string) => Date.parse(`${day}T20:00:00Z`);

function aCell(symbol: string, day: string, value: number): ReadCell {
  const figures = { count: 1, sum: value, min: value, max: value, m2: 0, first: value, last: value, p50: value, p95: value, p99: value };
  const cell: RollupCell = { ...figures, firstAtMs: at(day), lastAtMs: at(day) };
  return {
    dimensions: { filterId: null, symbol, strategy: null },
    bucketMs: Math.floor(at(day) / DAY_MS) * DAY_MS,
    cell,
    sketch: () => new Uint8Array(),
    updatedAtMs: 0,
  };
}

/** A reader of these cells, whatever the metric, that notes what it is asked. */
function aHistory(cells: readonly ReadCell[]) {
  const asked: RollupQuery[] = [];
  const history = createUnderlyingHistory({
    reader: {
      async read(query) {
        asked.push(query);
        const symbols = query.where.SYMBOL ?? [];
        return cells.filter(
          ({ dimensions, bucketMs }) => symbols.includes(dimensions.symbol!) && bucketMs >= query.fromMs && bucketMs < query.beforeMs,
        );
      },
    },
  });
  return { history, asked };
}

const aRequest = (overrides: Partial<SeriesRequest> = {}): SeriesRequest => ({
  symbol: 'AAA',
  metric: 'price',
  tier: 'DAY',
  fromMs: at('2026-07-01'),
  beforeMs: at('2026-07-24') + 1,
  ...overrides,
});

it('series of several underlyings at about the same time are read together, and each gets its own range', async () => {
  const { history, asked } = aHistory([
    aCell('AAA', '2026-07-01', 1),
    aCell('AAA', '2026-07-24', 2),
    aCell('BBB', '2026-07-01', 3),
    aCell('BBB', '2026-07-23', 4),
    aCell('BBB', '2026-07-24', 5),
  ]);
  const series = await history.series([aRequest(), aRequest({ symbol: 'BBB', fromMs: at('2026-07-02'), beforeMs: at('2026-07-24') })]);
  expect(series.map(({ values }) => values)).toEqual([[1, 2], [4]]);
  expect(asked).toHaveLength(1);
});

it('series of other metrics, tiers or years are read by themselves', async () => {
  const { history, asked } = aHistory([aCell('AAA', '2019-05-06', 7), aCell('AAA', '2026-07-24', 2)]);
  const old = aRequest({ fromMs: at('2019-05-01'), beforeMs: at('2019-05-24') });
  const series = await history.series([aRequest(), aRequest({ metric: 'volume' }), aRequest({ tier: 'HOUR' }), old]);
  expect(asked.map(({ metric, tier }) => `${metric.property} ${tier}`)).toEqual(['price DAY', 'volume DAY', 'price HOUR', 'price DAY']);
  expect(series[3]!.values).toEqual([7]);
});

it('days are those on which the market is open, up to the last quotes of each underlying', async () => {
  const { history } = aHistory(
    ['SPX', 'BTC'].flatMap((symbol) =>
      ['2026-07-24', '2026-07-25', '2026-07-27', '2026-07-28'].map((day, index) => aCell(symbol, day, index + 1)),
    ),
  );
  const days = await history.days([
    { symbol: 'SPX', kind: 'INDEX', quotedAtMs: at('2026-07-27') },
    { symbol: 'BTC', kind: 'CRYPTO', quotedAtMs: at('2026-07-28') },
  ]);
  // July 25 is a Saturday.
  expect(days.get('SPX')!.map(({ day }) => day)).toEqual(['2026-07-24', '2026-07-27']);
  expect(days.get('BTC')!.map(({ day, close }) => [day, close])).toEqual([
    ['2026-07-24', 1],
    ['2026-07-25', 2],
    ['2026-07-27', 3],
    ['2026-07-28', 4],
  ]);
  expect(await history.days([])).toEqual(new Map());
});
