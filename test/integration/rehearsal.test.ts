import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { metricValue } from '../support/metric-value.ts';
import { startTestApp, type TestApp } from '../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let database: TestDatabase;
let app: TestApp;

beforeAll(async () => {
  database = await createTestDatabase();
  // Counted anew only after ten minutes.
  app = await startTestApp({
    databaseUrl: database.url,
    env: { LIMITS_ROLES: JSON.stringify({ LOCAL: { operationsPerSecond: 1, burst: 600 } }) },
  });
});

afterAll(async () => {
  await app.stop();
  await database.drop();
});

describe('a server that has just started', () => {
  it('has carried out operations, without errors', () => {
    const [told] = app.logs.filter(({ msg }) => msg === 'the first operations are rehearsed');
    expect(told).toMatchObject({ queries: 3, failed: 0 });
  });

  it('has counted none of them, and held them against nobody', async () => {
    for (const name of ['strikewire_graphql_operations_total', 'strikewire_limit_refusals_total'])
      expect([name, await metricValue(app, name)]).toEqual([name, 0]);
    const { data } = await app.ask('{ viewer { limits { rateLeft { operations } } } }');
    expect(data.viewer.limits.rateLeft.operations).toBe(599);
  });
});
