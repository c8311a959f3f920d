import postgres from 'postgres';
import { expect, vi } from 'vitest';
import { aChainFeed } from './a-chain-feed.ts';
import { aBearerToken, TOKEN_SECRET } from './a-token.ts';
import { askAs } from './ask-as.ts';
import { startTestApp, type TestApp } from './start-test-app.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';

const ANYTHING = { score: { min: 0 } };
export const CREATE = `mutation ($input: FilterCreateInput!) { filterCreate(input: $input) {
  __typename ... on FilterCreatePayload { filter { id revision owner visibility canEdit } } ... on Error { message } } }`;
const UPDATE = `mutation ($input: FilterUpdateInput!) { filterUpdate(input: $input) {
  __typename ... on FilterUpdatePayload { filter { id revision visibility } } ... on Error { message } } }`;
export const DELETE = 'mutation ($input: FilterDeleteInput!) { filterDelete(input: $input) { __typename ... on Error { message } } }';
export const SCAN = `mutation ($input: ScanRequestInput!) { scanRequest(input: $input) {
  __typename ... on ScanRequestPayload { scanRun { id } } ... on Error { message } } }`;

/** A server with filters of two traders, Ann and Bob, and an administrator. */
export interface OwnersApp {
  readonly app: TestApp;
  readonly database: TestDatabase;
  readonly sql: postgres.Sql;
  readonly ann: string;
  readonly bob: string;
  readonly admin: string;
  /** What an operation answers; it must not fail. */
  // biome-ignore lint/suspicious/noExplicitAny: answers of any shape
  tell(shown: string, query: string, variables?: Record<string, unknown>): Promise<any>;
  /** Makes a filter. Its id. */
  make(shown: string, name: string, rest?: Record<string, unknown>): Promise<string>;
  /** Changes a filter at its revision of that moment. The answer. */
  // biome-ignore lint/suspicious/noExplicitAny: a union
  change(shown: string, id: string, input: Record<string, unknown>): Promise<any>;
  /** Scans with some filters. How many results it stored. */
  scan(shown: string, symbols: readonly string[], filterIds: readonly string[]): Promise<number>;
  stop(): Promise<void>;
}

export async function startOwnersApp(): Promise<OwnersApp> {
  const database = await createTestDatabase();
  const sql = postgres(database.url, { max: 1, onnotice: () => {} });
  const app = await startTestApp({ databaseUrl: database.url, feed: aChainFeed(['AAA', 'BBB']), env: { AUTH_JWT_SECRET: TOKEN_SECRET } });
  const ann = await aBearerToken({ subject: 'ann', roles: ['TRADER'] });
  const bob = await aBearerToken({ subject: 'bob', roles: ['TRADER'] });
  const admin = await aBearerToken();

  async function tell(shown: string, query: string, variables: Record<string, unknown> = {}) {
    const { data, errors } = await askAs(app, shown, query, variables);
    expect(errors).toBeUndefined();
    return data;
  }

  async function make(shown: string, name: string, rest: Record<string, unknown> = {}): Promise<string> {
    const { filterCreate } = await tell(shown, CREATE, { input: { name, criteria: ANYTHING, ...rest } });
    expect(filterCreate).toMatchObject({ __typename: 'FilterCreatePayload' });
    return filterCreate.filter.id as string;
  }

  async function change(shown: string, id: string, input: Record<string, unknown>) {
    const { filter } = await tell(shown, 'query ($id: ID!) { filter(id: $id) { revision } }', { id });
    return (await tell(shown, UPDATE, { input: { id, expectedRevision: filter.revision, ...input } })).filterUpdate;
  }

  async function scan(shown: string, symbols: readonly string[], filterIds: readonly string[]): Promise<number> {
    const { scanRequest } = await tell(shown, SCAN, { input: { symbols, filterIds } });
    expect(scanRequest).toMatchObject({ __typename: 'ScanRequestPayload' });
    return vi.waitFor(async () => {
      const { scanRun } = await tell(admin, 'query ($id: ID!) { scanRun(id: $id) { state results } }', { id: scanRequest.scanRun.id });
      expect(scanRun.state).toBe('COMPLETED');
      return scanRun.results as number;
    });
  }

  return {
    app,
    database,
    sql,
    ann,
    bob,
    admin,
    tell,
    make,
    change,
    scan,
    async stop() {
      const isClean = await app.stop();
      await sql.end();
      await database.drop();
      if (!isClean) throw new Error('expected a clean stop');
    },
  };
}
