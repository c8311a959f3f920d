import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { aChain, aChainFeed } from '../support/a-chain-feed.ts';
import { scanAndWait } from '../support/scan-and-wait.ts';
import { startTestApp, type TestApp } from '../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let database: TestDatabase;
let app: TestApp;

beforeAll(async () => {
  database = await createTestDatabase();
  const feed = aChainFeed(['AAA', 'BBB', 'CCC']);
  const quotedAtMs = Date.now();
  feed.answer('AAA', () => aChain('AAA', { spot: 100, quotedAtMs }));
  feed.answer('BBB', () => aChain('BBB', { spot: 107, volatility: 0.5, quotedAtMs }));
  app = await startTestApp({ databaseUrl: database.url, feed });
  await scanAndWait(app, ['AAA', 'BBB']);
});

afterAll(async () => {
  const clean = await app.stop();
  await database.drop();
  if (!clean) throw new Error(`expected a clean stop, got ${JSON.stringify(app.logs.slice(-5))}`);
});

const PREVIEW = `query ($input: FilterPreviewInput!) { filterPreview(input: $input) {
  over considered matching missingSymbols
  criteria { kind path expected passing matchingWithout histogram { count unknown min max median below above buckets { from to count } } }
  symbols { symbol considered matching }
  best { symbol strategy expiration score legs { symbol quantity } metrics { delta shortDelta } result { id score } }
  nearMisses { relativeDistance failed { path expected passed value min max distance } position { symbol legs { symbol quantity } metrics { probabilityOfProfit shortDelta } } }
} }`;

const EXPLAIN = `query ($input: FilterExplainInput!) { filterExplain(input: $input) {
  matches
  failed { kind path expected passed value text min max distance }
  verdicts { path passed }
  position { symbol strategy score legs { symbol quantity } result { id } }
} }`;

const CRITERIA = {
  strategies: { in: ['BULL_PUT_SPREAD'] },
  shortDelta: { min: 0.1, max: 0.2 },
  probabilityOfProfit: { min: 0.8 },
};

// biome-ignore lint/suspicious/noExplicitAny: answers of any shape
async function ask(query: string, input: Record<string, unknown>): Promise<any> {
  const { data, errors } = await app.ask(query, { input });
  expect(errors).toBeUndefined();
  return Object.values(data)[0];
}

describe('filterPreview over live chains', () => {
  it('counts what matches, by criterion and by underlying', async () => {
    const everything = await ask(PREVIEW, { criteria: {} });
    const preview = await ask(PREVIEW, { criteria: CRITERIA });
    expect(preview.considered).toBe(everything.considered);
    expect(preview.considered).toBeGreaterThan(500);
    expect(preview.matching).toBeGreaterThan(0);
    const [strategies, shortDelta, probability] = preview.criteria;
    expect([strategies, shortDelta, probability].map(({ kind, path, expected }) => [kind, path, expected])).toEqual([
      ['STRATEGIES', 'strategies', 'strategy one of BULL_PUT_SPREAD'],
      ['METRIC', 'shortDelta', '0.1 ≤ shortDelta ≤ 0.2'],
      ['METRIC', 'probabilityOfProfit', 'probabilityOfProfit ≥ 0.8'],
    ]);
    expect(strategies.histogram).toBeNull();
    const { histogram } = shortDelta;
    expect(histogram.count + histogram.unknown).toBe(preview.considered);
    expect(histogram.buckets).toHaveLength(20);
    const inBuckets = histogram.buckets.reduce((sum: number, { count }: { count: number }) => sum + count, 0);
    expect(inBuckets + histogram.below + histogram.above).toBe(histogram.count);
    const onlyDelta = await ask(PREVIEW, { criteria: { shortDelta: CRITERIA.shortDelta } });
    expect(shortDelta.passing).toBe(onlyDelta.matching);
    const withoutDelta = await ask(PREVIEW, {
      criteria: { strategies: CRITERIA.strategies, probabilityOfProfit: CRITERIA.probabilityOfProfit },
    });
    expect(shortDelta.matchingWithout).toBe(withoutDelta.matching);
    expect(preview.symbols.map(({ symbol }: { symbol: string }) => symbol).toSorted()).toEqual(['AAA', 'BBB']);
    const sum = (name: string) => preview.symbols.reduce((total: number, row: Record<string, number>) => total + row[name]!, 0);
    expect([sum('considered'), sum('matching')]).toEqual([preview.considered, preview.matching]);
  });

  it('looks at the underlyings it is asked for, and names those it knows nothing of', async () => {
    const preview = await ask(PREVIEW, { criteria: CRITERIA, symbols: ['aaa', 'CCC'] });
    expect(preview.symbols.map(({ symbol }: { symbol: string }) => symbol)).toEqual(['AAA']);
    expect(preview.missingSymbols).toEqual(['CCC']);
  });

  it('shows the best matches, which filterExplain confirms', async () => {
    const { best } = await ask(PREVIEW, { criteria: CRITERIA, best: 3 });
    expect(best).toHaveLength(3);
    expect(best.map(({ score }: { score: number }) => score)).toEqual(
      best.map(({ score }: { score: number }) => score).toSorted((one: number, other: number) => other - one),
    );
    for (const { symbol, strategy, legs, score, metrics, result } of best) {
      expect(result).toBeNull();
      expect(metrics.shortDelta).toBeGreaterThanOrEqual(0.1);
      // The order in which somebody names the legs means nothing.
      const explanation = await ask(EXPLAIN, { criteria: CRITERIA, position: { symbol, strategy, legs: legs.toReversed() } });
      expect(explanation).toMatchObject({ matches: true, failed: [], position: { symbol, strategy, legs, score, result: null } });
    }
  });

  it('shows near misses, each of which filterExplain finds to fail that one criterion', async () => {
    const { nearMisses } = await ask(PREVIEW, { criteria: CRITERIA });
    expect(nearMisses).toHaveLength(10);
    const distances = nearMisses.map(({ relativeDistance }: { relativeDistance: number }) => relativeDistance);
    expect(distances).toEqual(distances.toSorted((left: number, right: number) => left - right));
    for (const { failed, position } of nearMisses) {
      expect(failed.passed).toBe(false);
      expect(failed.distance).toBeCloseTo(Math.max(failed.min - failed.value, failed.max === null ? 0 : failed.value - failed.max), 12);
      const explanation = await ask(EXPLAIN, {
        criteria: CRITERIA,
        position: { symbol: position.symbol, strategy: 'BULL_PUT_SPREAD', legs: position.legs },
      });
      expect(explanation.matches).toBe(false);
      expect(explanation.failed).toMatchObject([failed]);
    }
  });

  it('takes the criteria of a saved filter, and finds what a scan with it finds', async () => {
    const { data } = await app.ask('{ filters(first: 1) { edges { node { id name } } } }');
    const { id } = data.filters.edges[0].node;
    const preview = await ask(PREVIEW, { filterId: id, symbols: ['AAA'], best: 50 });
    const { data: found } = await app.ask(
      'query ($id: ID!) { scanResults(first: 50, filter: { filterIds: [$id], symbols: { in: ["AAA"] } }, orderBy: { field: SCORE }) { edges { node { score legs { symbol quantity } } } } }',
      { id },
    );
    const stored = found.scanResults.edges.map(({ node }: { node: unknown }) => node);
    expect(stored.length).toBeGreaterThan(0);
    const byLegs = (rows: { score: number; legs: unknown }[]) => new Map(rows.map(({ score, legs }) => [JSON.stringify(legs), score]));
    const previewed = byLegs(preview.best);
    for (const [legs, score] of byLegs(stored)) expect(previewed.get(legs)).toBe(score);
  });

  it('takes a saved filter with some criteria in place of its own, as if it had been changed', async () => {
    const { data } = await app.ask(
      'mutation ($input: FilterCreateInput!) { filterCreate(input: $input) { ... on FilterCreatePayload { filter { id } } } }',
      { input: { name: 'To be adjusted', enabled: false, criteria: CRITERIA } },
    );
    const { id: filterId } = data.filterCreate.filter;
    const changed = await ask(PREVIEW, { filterId, overrides: { shortDelta: { max: 0.15 } } });
    expect(changed).toEqual(await ask(PREVIEW, { criteria: { ...CRITERIA, shortDelta: { max: 0.15 } } }));
    const { matching } = await ask(PREVIEW, { filterId });
    expect(changed.matching).not.toBe(matching);
    const { errors } = await app.ask(PREVIEW, { input: { criteria: CRITERIA, overrides: {} } });
    expect(errors?.[0]?.message).toContain('expected a filterId whose criteria they override, got none');
  });
});

describe('filterPreview over recent results', () => {
  it('counts stored results and links to them', async () => {
    const { data } = await app.ask('{ scanResults(first: 100) { edges { node { id } } } }');
    const stored = data.scanResults.edges.length;
    const preview = await ask(PREVIEW, { criteria: { score: { min: 0 } }, over: 'RECENT_RESULTS', best: 2 });
    expect(preview).toMatchObject({ over: 'RECENT_RESULTS', considered: stored, matching: stored });
    expect(preview.best.map(({ score, result }: { score: number; result: { score: number } }) => score === result.score)).toEqual([
      true,
      true,
    ]);
    const one = await ask(PREVIEW, { criteria: {}, over: 'RECENT_RESULTS', results: 1 });
    expect(one.considered).toBe(1);
    const none = await ask(PREVIEW, { criteria: {}, over: 'RECENT_RESULTS', symbols: ['CCC'] });
    expect(none).toMatchObject({ considered: 0, missingSymbols: ['CCC'] });
  });
});

describe('filterExplain', () => {
  it('says of a stored result what its value, the bound and the distance are', async () => {
    const { data } = await app.ask('{ scanResults(first: 1) { edges { node { id score symbol } } } }');
    const { id, score, symbol } = data.scanResults.edges[0].node;
    const explanation = await ask(EXPLAIN, { criteria: { symbols: { notIn: [symbol] }, score: { min: 101 } }, resultId: id });
    expect(explanation.matches).toBe(false);
    expect(explanation.position.result.id).toBe(id);
    expect(explanation.failed).toEqual([
      {
        kind: 'SYMBOLS',
        path: 'symbols',
        expected: `symbol none of ${symbol}`,
        passed: false,
        value: null,
        text: symbol,
        min: null,
        max: null,
        distance: null,
      },
      {
        kind: 'METRIC',
        path: 'score',
        expected: 'score ≥ 101',
        passed: false,
        value: score,
        text: null,
        min: 101,
        max: null,
        distance: 101 - score,
      },
    ]);
  });

  it('is null for a result that is not there', async () => {
    const resultId = btoa('ScanResult:01900000-0000-7000-8000-000000000001');
    expect(await ask(EXPLAIN, { criteria: {}, resultId })).toBeNull();
  });

  it.each([
    [
      'neither criteria nor a filter',
      { resultId: btoa('ScanResult:01900000-0000-7000-8000-000000000001') },
      'expected either criteria or filterId, got neither',
    ],
    ['no position', { criteria: {} }, 'expected either resultId or position, got neither'],
    [
      'bad criteria',
      { criteria: { delta: { min: 2, max: 1 } }, position: { symbol: 'AAA', strategy: 'LONG_CALL', legs: [] } },
      'criteria.delta: expected min ≤ max',
    ],
    [
      'an underlying without a chain',
      { criteria: {}, position: { symbol: 'CCC', strategy: 'LONG_CALL', legs: [{ symbol: 'X', quantity: 1 }] } },
      'expected an underlying that this server process has scanned, got "CCC"',
    ],
    [
      'no legs',
      { criteria: {}, position: { symbol: 'AAA', strategy: 'LONG_CALL', legs: [] } },
      'position.legs: expected 1 to 5 legs, got 0',
    ],
    [
      'an unknown contract',
      { criteria: {}, position: { symbol: 'AAA', strategy: 'LONG_CALL', legs: [{ symbol: 'X', quantity: 0 }] } },
      'expected a contract of the newest chain of AAA, got "X"',
    ],
  ])('refuses %s', async (_what, input, message) => {
    const { errors } = await app.ask(EXPLAIN, { input });
    expect(errors![0]!.message).toContain(message);
  });

  it('says that a position is none the scanner considers', async () => {
    const { best } = await ask(PREVIEW, { criteria: CRITERIA, symbols: ['AAA'], best: 1 });
    const legs = best[0].legs.map(({ symbol, quantity }: { symbol: string; quantity: number }) => ({ symbol, quantity: -quantity }));
    const { errors } = await app.ask(EXPLAIN, { input: { criteria: {}, position: { symbol: 'AAA', strategy: 'BULL_PUT_SPREAD', legs } } });
    expect(errors![0]!.message).toMatch(/^expected a position that is considered, got none of those \d+ of AAA/);
    expect(errors![0]!.extensions!.code).toBe('NOT_FOUND');
  });
});

it.each([
  [{ criteria: {}, results: 0 }, 'results: expected 1 to 10000, got 0'],
  [{ criteria: {}, best: 51 }, 'best: expected 0 to 50, got 51'],
  [{ criteria: {}, symbols: [] }, 'symbols: expected 1 to 100, got 0'],
  [{}, 'expected either criteria or filterId, got neither'],
])('filterPreview refuses %j', async (input, message) => {
  const { errors } = await app.ask(PREVIEW, { input });
  expect(errors![0]).toMatchObject({ message: expect.stringContaining(message), extensions: { code: 'VALIDATION_FAILED' } });
});

it('more than two previews of a viewer at a time are refused, and the others are answered', async () => {
  const one = 'filterPreview(input: { criteria: {} }) { considered }';
  const { data, errors } = await app.ask(`{ a: ${one} b: ${one} c: ${one} }`);
  expect(data).toBeNull();
  expect(errors).toMatchObject([{ path: ['c'], extensions: { code: 'LIMIT_EXCEEDED', limit: 'filterPreviews', allowed: 2 } }]);
  // The two are carried to their end, although their answer is lost with that of the third.
  await vi.waitFor(async () => expect((await app.ask(`{ a: ${one} b: ${one} }`)).data.b.considered).toBeGreaterThan(500));
});
