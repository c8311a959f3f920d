import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
      const failure =
        outcome.status === 'ok'
          ? null
          : { reason: outcome.reason, status: outcome.response.status, headers: [...outcome.response.headers] };
      expect(failure).toBeNull();
    });
  }
});
