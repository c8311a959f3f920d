import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let database: TestDatabase;
let app: TestApp;

beforeAll(async () => {
  database = await createTestDatabase();
  app = await startTestApp({ databaseUrl: database.url });
});

afterAll(async () => {
  const clean = await app.stop();
  await database.drop();
  if (!clean) throw new Error('expected a clean stop');
});

/** The reference audits of the GraphQL-over-HTTP specification against the running server. */
describe('GraphQL over HTTP', () => {
  for (const audit of serverAudits({ url: () => `${app.origin}/graphql` })) {
    it(`${audit.id} ${audit.name}`, async () => {
      const outcome = await audit.fn();
      if (outcome.status === 'ok') return;
      const { status, headers } = outcome.response;
      throw new Error(`${outcome.reason}: got ${status} ${JSON.stringify(Object.fromEntries(headers))}`);
    });
  }
});
