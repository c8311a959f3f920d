import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createDatabase } from '../../../src/db/client.ts';
import { UNDERLYING_METRICS, type UnderlyingMetricValues } from '../../../src/domain/analytics/underlying-metric.ts';
import type { UnderlyingObservationDraft } from '../../../src/domain/analytics/underlying-observation.ts';
import { volatilityRank } from '../../../src/domain/volatility/volatility-rank.ts';
import { createStreamLog } from '../../../src/services/stream-log/stream-log.ts';
import { underlyingObservationStream } from '../../../src/services/underlyings/underlying-observation-stream.ts';
import { aChain, aChainFeed } from '../../support/a-chain-feed.ts';
import { aBearerToken, TOKEN_SECRET } from '../../support/a-token.ts';
import { askAs } from '../../support/ask-as.ts';
import { scanAndWait } from '../../support/scan-and-wait.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { type StatementCounter, startStatementCounter } from '../../support/start-statement-counter.ts';
import { startTestApp, type TestApp } from '../../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

const DAY_MS = 86_400_000;
/** A Friday, an hour before the market closes. */
const QUOTED_AT = Date.parse('2026-07-24T19:00:00Z');
const UNKNOWN = Object.fromEntries(UNDERLYING_METRICS.map(({ name }) => [name, null])) as UnderlyingMetricValues;

let database: TestDatabase;
let sql: postgres.Sql;
let counter: StatementCounter;
let app: TestApp;
let ann: string;
let bob: string;
let admin: string;
/** Closes of AAA before the last day, oldest first. */
const closes: number[] = [];
const implied: number[] = [];

/** Two observations on each of 60 trading days before the last: the second is the close. The Saturday among them is no trading day. */
async function seedHistory(): Promise<void> {
  const own = createDatabase({ url: database.url, poolSize: 1, statementTimeoutMs: 10_000, applicationName: 'history' });
  const random = seededRandom(9);
  const drafts: UnderlyingObservationDraft[] = [];
  let price = 80;
  for (let back = 84; back >= 1; back--) {
    const dayMs = Math.floor(QUOTED_AT / DAY_MS) * DAY_MS - back * DAY_MS;
    const weekday = new Date(dayMs).getUTCDay();
    const isHoliday = ['2026-05-25', '2026-06-19', '2026-07-03'].includes(new Date(dayMs).toISOString().slice(0, 10));
    price *= 1 + 0.02 * (random() - 0.4);
    const metrics: UnderlyingMetricValues = {
      ...UNKNOWN,
      price,
      impliedVolatility30d: 0.2 + 0.1 * random(),
      termSlope: 0.01,
      skew25Delta: 0.03 + 0.01 * random(),
      volume: 10_000 + 1_000 * random(),
      openInterest: 50_000,
    };
    if (weekday !== 0 && weekday !== 6 && !isHoliday) {
      closes.push(price);
      implied.push(metrics.impliedVolatility30d!);
    }
    for (const [hour, factor] of [
      [14, 1.01],
      [19, 1],
    ] as const) {
      const symbolRows = ['AAA', 'BBB'].map((symbol, index) => ({
        id: `01900000-0000-7000-8000-${String(drafts.length + index).padStart(12, '0')}`,
        symbol,
        scanRunId: '01900000-0000-7000-8000-000000000001',
        quotedAtMs: dayMs + hour * 3_600_000,
        metrics: { ...metrics, price: price * factor },
      }));
      drafts.push(...symbolRows);
    }
  }
  const streamLog = createStreamLog({ sql: own.sql });
  await own.sql.begin((transaction) => streamLog.append(transaction, underlyingObservationStream, drafts, Date.now()));
  await own.close();
}

beforeAll(async () => {
  database = await createTestDatabase();
  sql = postgres(database.url, { max: 1, onnotice: () => {} });
  const url = new URL(database.url);
  counter = await startStatementCounter({ host: url.hostname, port: Number(url.port) });
  url.hostname = '127.0.0.1';
  url.port = String(counter.port);
  const feed = aChainFeed(['AAA', 'BBB']);
  for (const symbol of ['AAA', 'BBB']) feed.answer(symbol, () => aChain(symbol, { spot: 100, volatility: 0.35, quotedAtMs: QUOTED_AT }));
  app = await startTestApp({ databaseUrl: url.href, feed, env: { AUTH_JWT_SECRET: TOKEN_SECRET } });
  ann = await aBearerToken({ subject: 'ann', roles: ['TRADER'] });
  bob = await aBearerToken({ subject: 'bob', roles: ['TRADER'] });
  admin = await aBearerToken();
  await seedHistory();
});

afterAll(async () => {
  const clean = await app.stop();
  counter.close();
  await sql.end();
  await database.drop();
  if (!clean) throw new Error(`expected a clean stop, got ${JSON.stringify(app.logs.slice(-5))}`);
});

// biome-ignore lint/suspicious/noExplicitAny: answers of any shape
async function ofAaa(fields: string, by = ann): Promise<any> {
  const { data, errors } = await askAs(app, by, `{ underlying(symbol: "AAA") { ${fields} } }`, {});
  expect(errors).toBeUndefined();
  return data.underlying;
}

describe('the analytics of an underlying', () => {
  let spot: number;
  let volatility: number;

  beforeAll(async () => {
    await scanAsAdmin(['AAA', 'BBB']);
    const [row] = await vi.waitFor(async () => {
      const rows = await sql<{ price: number; iv: number }[]>`
        select price, implied_volatility30d as iv from underlying_observations where symbol = 'AAA' and quoted_at = ${new Date(QUOTED_AT)}`;
      if (rows.length !== 1) throw new Error(`expected one observation, got ${rows.length}`);
      return rows;
    });
    spot = row!.price;
    volatility = row!.iv;
  });

  it('volatility is that of the closes of the trading days', async () => {
    const { volatility: told } = await ofAaa(
      'volatility { implied historyDays requiredDays realised(days: 20) { value days percentile historyDays through estimator } }',
    );
    const prices = [...closes, spot];
    const returns = prices.slice(1).map((price, index) => Math.log(price / prices[index]!));
    const last = returns.slice(-20);
    const mean = last.reduce((sum, value) => sum + value, 0) / 20;
    const variance = last.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 19;
    expect(told.realised.value).toBeCloseTo(Math.sqrt(variance * 252), 8);
    expect(told).toMatchObject({
      historyDays: implied.length,
      requiredDays: 10,
      realised: { days: 20, through: '2026-07-24', estimator: 'CLOSE_TO_CLOSE', historyDays: returns.length - 20 },
    });
    expect(told.implied).toBeCloseTo(volatility, 8);
  });

  it('regimes show what they were judged by', async () => {
    const { regime } = await ofAaa(`regime {
      volatility { label since days level inputs { day ivPercentile realisedVolatilityPercentile termSlope } }
      market { label trendZ trendPerDay efficiency volatility inputs { day price } } }`);
    expect(regime.volatility.inputs.day).toBe('2026-07-24');
    expect(regime.volatility.inputs.ivPercentile).toBeCloseTo(volatilityRank(implied, volatility).ivPercentile, 8);
    expect(regime.market.inputs).toEqual({ day: '2026-07-24', price: spot });
    expect(regime.market.volatility).toBe(regime.volatility.label);
  });

  it('patterns are of volume and of what comes again', async () => {
    const { patterns } = await vi.waitFor(async () => {
      const told = await ofAaa(`patterns {
          volume { day volume usualVolume baselineDays zScore patterns { kind from to zScore openInterestChange } }
          consistency { price { direction length } opportunities timeOfDay { hour observations opportunities } recurringStrikes { strike } } }`);
      expect(told.patterns.consistency.opportunities).toBeGreaterThan(0);
      return told;
    });
    // The chain of the last day has more volume than any day before.
    expect(patterns.volume).toMatchObject({ day: '2026-07-24', baselineDays: 20, patterns: [{ kind: 'SPIKE', from: '2026-07-24' }] });
    expect(patterns.volume.usualVolume).toBeGreaterThan(10_000);
    expect(patterns.volume.usualVolume).toBeLessThan(11_000);
    const [last, before] = [spot, closes.at(-1)!];
    expect(patterns.consistency.price.direction).toBe(last > before ? 'RISING' : 'FALLING');
    const busy = patterns.consistency.timeOfDay.filter(({ opportunities }: { opportunities: number }) => opportunities > 0);
    expect(busy).toEqual([{ hour: 19, opportunities: patterns.consistency.opportunities, observations: expect.any(Number) }]);
  });

  it('anomalies, trends and forecasts say what they rest on', async () => {
    const range = '{ from: "2026-05-01T00:00:00Z", before: "2026-07-25T00:00:00Z" }';
    const told = await ofAaa(`
      anomalies(metric: VOLUME, range: ${range}) { tier values metric from before anomalies { kind at value expected zScore } }
      trend(metric: PRICE, range: ${range}) { tier values slopePerDay tStatistic mannKendallZ rSquared }
      forecast(metric: PRICE, horizonDays: 5) { __typename ... on Forecast { through values points { day value lower95 upper95 }
        backTest { origins meanAbsoluteError naiveMeanAbsoluteError beatsNaive meanAbsoluteScaledError coverage95 } } }
      refused: forecast(metric: GAMMA_EXPOSURE) { __typename ... on ForecastRefusal { metric reason message } }`);
    expect(told.anomalies).toMatchObject({ tier: 'DAY', metric: 'VOLUME', values: closes.length + 1 });
    expect(told.anomalies.anomalies).toContainEqual(expect.objectContaining({ kind: 'OUTLIER', at: new Date(QUOTED_AT).toISOString() }));
    expect(told.trend).toMatchObject({ tier: 'DAY', values: closes.length + 1 });
    expect(told.trend.slopePerDay).toBeGreaterThan(0);
    expect(told.forecast).toMatchObject({ __typename: 'Forecast', through: '2026-07-24', values: closes.length + 1 });
    expect(told.forecast.points.map(({ day }: { day: number }) => day)).toEqual([1, 2, 3, 4, 5]);
    expect(told.forecast.backTest.meanAbsoluteError).toBeGreaterThan(0);
    // Only the last chain has open interest by contract.
    expect(told.refused).toMatchObject({ __typename: 'ForecastRefusal', metric: 'GAMMA_EXPOSURE', reason: 'TOO_LITTLE_HISTORY' });
  });

  it('what the newest chain says is told', async () => {
    const told = await ofAaa(`
      termStructure { slope shape points { daysToExpiration atTheMoneyVolatility expiration { date } } }
      skew expectedMove(days: 30) maxPain gammaExposure putCallRatio { putCallVolumeRatio putCallOpenInterestRatio }
      returns(days: 20) { days totalReturn maximumDrawdown sharpeRatio from through }`);
    expect(told.termStructure.points).toHaveLength(3);
    expect(told.expectedMove).toBeCloseTo(100 * volatility * Math.sqrt(30 / 365), 6);
    expect(told.putCallRatio.putCallVolumeRatio).toBeGreaterThan(0);
    expect(told.returns.days).toBe(20);
    expect(told.returns.totalReturn).toBeCloseTo(spot / closes.at(-20)! - 1, 8);
    expect(70 <= told.maxPain && told.maxPain <= 130).toBe(true);
  });

  it.each([
    'anomalies(metric: PRICE, range: { from: "2026-07-25T00:00:00Z", before: "2026-07-24T00:00:00Z" }) { values }',
    'trend(metric: PRICE, range: { from: "1990-01-01T00:00:00Z", before: "2026-07-24T00:00:00Z" }) { values }',
    'forecast(metric: PRICE, horizonDays: 0) { __typename }',
    'forecast(metric: PRICE, horizonDays: 61) { __typename }',
    'volatility { realised(days: 1) { value } }',
    'returns(days: 253) { days }',
    'expectedMove(days: 0)',
  ])('refuses %s', async (field) => {
    const { errors } = await askAs(app, ann, `{ underlying(symbol: "AAA") { ${field} } }`, {});
    expect(errors?.[0]?.extensions?.code).toBe('VALIDATION_FAILED');
  });

  it('takes as many statements for two underlyings as for one', async () => {
    const fields = `volatility { realised { value } } regime { market { label } } patterns { consistency { opportunities } } recommendations { rule }
      anomalies(metric: GAMMA_EXPOSURE) { values } trend(metric: SKEW_25_DELTA) { values } forecast(metric: VOLUME) { __typename }`;
    const statementsOf = async (query: string) => {
      counter.take();
      const { errors } = await askAs(app, ann, query, {});
      expect(errors).toBeUndefined();
      return counter.take().filter((text) => /with series as materialized|as asked \(symbol\)/.test(text));
    };
    const one = await statementsOf(`{ underlying(symbol: "AAA") { ${fields} } }`);
    const two = await statementsOf(`{ underlyings(first: 2) { edges { node { ${fields} } } } }`);
    // Prices and five metrics by the day, observations by the hour, opportunities; a series for each finding.
    expect(one).toHaveLength(11);
    expect(two).toHaveLength(11);
  });

  it('opportunities of private filters are counted for their owner only, and so are results', async () => {
    const before = await ofAaa('patterns { consistency { opportunities } } results(first: 100) { edges { node { symbol } } }', bob);
    const { data } = await askAs(
      app,
      ann,
      `mutation { filterCreate(input: { name: "Secret", criteria: { strategies: { in: [LONG_CALL] } }, visibility: PRIVATE }) {
        __typename ... on FilterCreatePayload { filter { id } } } }`,
      {},
    );
    const id = data.filterCreate.filter.id as string;
    await scanAsAdmin(['AAA']);
    const shared = 'patterns { consistency { opportunities } } results(first: 100) { edges { node { symbol filter { id } } } }';
    const mine = await vi.waitFor(async () => {
      const told = await ofAaa(shared, ann);
      expect(told.patterns.consistency.opportunities).toBeGreaterThan(before.patterns.consistency.opportunities);
      return told;
    });
    expect(mine.results.edges.some(({ node }: { node: { filter: { id: string } } }) => node.filter.id === id)).toBe(true);
    expect(mine.results.edges.every(({ node }: { node: { symbol: string } }) => node.symbol === 'AAA')).toBe(true);
    const theirs = await ofAaa(shared, bob);
    expect(theirs.patterns.consistency.opportunities).toBe(before.patterns.consistency.opportunities);
    expect(theirs.results.edges.some(({ node }: { node: { filter: { id: string } | null } }) => node.filter?.id === id)).toBe(false);
  });
});

async function scanAsAdmin(symbols: readonly string[]): Promise<void> {
  await scanAndWait({ ...app, ask: (query, variables = {}) => askAs(app, admin, query, variables) }, symbols);
}
