import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aChainFeed } from '../support/a-chain-feed.ts';
import { aBearerToken, TOKEN_SECRET } from '../support/a-token.ts';
import { askAs } from '../support/ask-as.ts';
import { startTestApp, type TestApp } from '../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const ENTRIES = `query ($filter: AuditEntryFilter, $first: Int, $after: String, $last: Int, $before: String) {
  auditEntries(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
    edges {
      cursor
      node {
        id at action objectKind objectId objectName fromRevision toRevision reason requestId
        actor { subject kind credentialId }
      }
    }
    pageInfo { hasNextPage hasPreviousPage }
  }
}`;

interface Entry {
  readonly at: string;
  readonly action: string;
  readonly objectKind: string;
  readonly objectId: string;
  readonly actor: { readonly subject: string; readonly kind: string; readonly credentialId: string | null };
  readonly requestId: string;
}
interface Page {
  readonly edges: readonly { readonly cursor: string; readonly node: Entry }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly hasPreviousPage: boolean };
}

let database: TestDatabase;
let sql: postgres.Sql;
let app: TestApp;
let admin: string;

beforeAll(async () => {
  database = await createTestDatabase();
  sql = postgres(database.url, { max: 1, onnotice: () => {} });
  app = await startTestApp({ databaseUrl: database.url, feed: aChainFeed(['AAA', 'BBB']), env: { AUTH_JWT_SECRET: TOKEN_SECRET } });
  admin = await aBearerToken({ id: 'token-of-admin' });
});

afterAll(async () => {
  const isClean = await app.stop();
  await sql.end();
  await database.drop();
  if (!isClean) throw new Error('expected a clean stop');
});

async function page(variables: Record<string, unknown>): Promise<Page> {
  const { data, errors } = await askAs(app, admin, ENTRIES, variables);
  expect(errors).toBeUndefined();
  return data.auditEntries as Page;
}
const entries = async (filter: Record<string, unknown>) => (await page({ filter, first: 100 })).edges.map(({ node }) => node);

async function createKey(shown = admin, name = 'ingest'): Promise<{ key: string; id: string }> {
  const { data } = await askAs(
    app,
    shown,
    `mutation ($name: String!) { apiKeyCreate(input: { name: $name, roles: [ADMIN] }) { ... on ApiKeyCreatePayload { key apiKey { id } } } }`,
    { name },
  );
  return { key: data.apiKeyCreate.key as string, id: data.apiKeyCreate.apiKey.id as string };
}
const revokeKey = (id: string, reason: string | null) =>
  askAs(app, admin, 'mutation ($id: ID!, $reason: String) { apiKeyRevoke(input: { id: $id, reason: $reason }) { __typename } }', {
    id,
    reason,
  });

describe('the audit trail', () => {
  it('says who did what to which key, when, why and in which request', async () => {
    const beforeMs = Date.now();
    const { id } = await createKey();
    const { status } = await revokeKey(id, '  rotated ');
    expect(status).toBe(200);
    const [revoked, created, ...more] = await entries({ objectIds: [id] });
    expect(more).toEqual([]);
    const common = {
      id: expect.any(String),
      at: expect.any(String),
      actor: { subject: 'admin-1', kind: 'TOKEN', credentialId: 'token-of-admin' },
      objectKind: 'API_KEY',
      objectId: id,
      objectName: 'ingest',
      fromRevision: null,
      toRevision: null,
      requestId: expect.stringMatching(/^[\w.:-]+$/),
    };
    expect(created).toEqual({ ...common, action: 'API_KEY_CREATED', reason: null });
    expect(revoked).toEqual({ ...common, action: 'API_KEY_REVOKED', reason: 'rotated' });
    expect(Date.parse(created!.at)).toBeGreaterThanOrEqual(beforeMs);
    expect(revoked!.requestId).not.toBe(created!.requestId);
  });

  it('names the key by which somebody was known who did something', async () => {
    const { key, id } = await createKey();
    const made = await createKey(`Bearer ${key}`, 'made by a key');
    const [entry] = await entries({ objectIds: [made.id] });
    expect(entry!.actor).toEqual({ subject: 'admin-1', kind: 'API_KEY', credentialId: id });
  });

  it('says whose tokens were revoked', async () => {
    const revoke = (input: string) => askAs(app, admin, `mutation { tokenRevoke(input: { ${input} }) { __typename } }`);
    await revoke('tokenId: "token-9", reason: "leaked"');
    await revoke('subject: "trader-9"');
    const told = (await entries({ actions: ['TOKEN_REVOKED'] })).map(({ objectKind, objectId }) => [objectKind, objectId]);
    expect(told).toEqual([
      ['SUBJECT', 'trader-9'],
      ['TOKEN', 'token-9'],
    ]);
  });

  it('says who started and stopped the scanner, when that changed something, and who asked for scans', async () => {
    const developer = await aBearerToken({ subject: 'developer-1', roles: ['DEVELOPER'] });
    const trader = await aBearerToken({ subject: 'trader-1', roles: ['TRADER'] });
    const control = (field: string) => askAs(app, developer, `mutation { ${field} { scanner { state } } }`);
    await control('scannerStop');
    await control('scannerStart');
    await control('scannerStart');
    await control('scannerStop');
    expect((await entries({ actors: ['developer-1'] })).map(({ action }) => action)).toEqual(['SCANNER_STOPPED', 'SCANNER_STARTED']);

    const request =
      'mutation { scanRequest(input: { symbols: ["BBB", "AAA"], idempotencyKey: "one" }) { ... on ScanRequestPayload { scanRun { id } } } }';
    const { data } = await askAs(app, trader, request);
    await askAs(app, trader, request);
    expect(await entries({ actors: ['trader-1'] })).toMatchObject([
      { action: 'SCAN_REQUESTED', objectKind: 'SCAN_RUN', objectId: data.scanRequest.scanRun.id, objectName: 'BBB, AAA' },
    ]);
  });

  it('is read by administrators only', async () => {
    for (const role of ['ANALYST', 'TRADER', 'DEVELOPER']) {
      const { errors } = await askAs(app, await aBearerToken({ roles: [role] }), '{ auditEntries { edges { cursor } } }');
      expect(errors![0]!.extensions).toMatchObject({ code: 'FORBIDDEN', permission: 'MANAGE_ACCESS' });
    }
  });

  it('is read newest first, in pages in both directions, and numbered without a gap', async () => {
    for (let index = 0; index < 5; index++) await createKey(admin, `paged ${index}`);
    const all = (await page({ first: 100 })).edges;
    const times = all.map(({ node }) => Date.parse(node.at));
    expect(times).toEqual(times.toSorted((one, other) => other - one));
    const collected: string[] = [];
    let after: string | null = null;
    for (;;) {
      const { edges, pageInfo }: Page = await page({ first: 3, after });
      collected.push(...edges.map(({ cursor }) => cursor));
      after = edges.at(-1)?.cursor ?? null;
      if (!pageInfo.hasNextPage) break;
    }
    expect(collected).toEqual(all.map(({ cursor }) => cursor));
    const back = await page({ last: 2, before: all[4]!.cursor });
    expect([back.edges.map(({ cursor }) => cursor), back.pageInfo.hasPreviousPage]).toEqual([[all[2]!.cursor, all[3]!.cursor], true]);
    const numbers = await sql<{ sequence: string }[]>`select sequence from audit_entries order by sequence`;
    expect(numbers.map(({ sequence }) => Number(sequence))).toEqual(numbers.map((_row, index) => index + 1));
  });

  it('is searched by what was done, to what, by whom and when', async () => {
    const { id } = await createKey(await aBearerToken({ subject: 'searched' }));
    await revokeKey(id, null);
    const actions = async (filter: Record<string, unknown>) => (await entries({ objectIds: [id], ...filter })).map(({ action }) => action);
    expect(await actions({ actors: ['searched'] })).toEqual(['API_KEY_CREATED']);
    expect(await actions({ actions: ['API_KEY_REVOKED'] })).toEqual(['API_KEY_REVOKED']);
    expect(await actions({ objectKinds: ['API_KEY'] })).toHaveLength(2);
    expect(await actions({ objectKinds: ['FILTER', 'TOKEN'] })).toEqual([]);
    const [revoked] = await entries({ objectIds: [id] });
    expect(await actions({ at: { before: revoked!.at } })).not.toContain('API_KEY_REVOKED');
    expect(await actions({ at: { from: revoked!.at } })).toContain('API_KEY_REVOKED');
    // The id that lies in the global id, as it is stored and logged.
    expect(await entries({ objectIds: [Buffer.from(id, 'base64').toString().replace('ApiKey:', '')] })).toHaveLength(2);
    const refused = await askAs(app, admin, ENTRIES, { filter: { actors: ['a\0b'] } });
    expect(refused.errors![0]!.extensions).toMatchObject({ code: 'VALIDATION_FAILED', issues: [{ path: 'filter.actors.0' }] });
  });
});

it('nothing is done without a trace, and nothing is traced that was not done', async () => {
  const count = async () => ({
    keys: (await sql`select 1 from api_keys`).length,
    revoked: (await sql`select 1 from revoked_credentials`).length,
    runs: (await sql`select 1 from scan_runs`).length,
    entries: (await sql`select 1 from audit_entries`).length,
  });
  const before = await count();
  await sql`alter table audit_entries rename to audit_entries_away`;
  const mutations = [
    'apiKeyCreate(input: { name: "untraced", roles: [ANALYST] }) { __typename }',
    'tokenRevoke(input: { subject: "untraced" }) { __typename }',
    'scanRequest(input: { symbols: ["AAA"] }) { __typename }',
    'scannerStart { scanner { state } }',
  ];
  for (const mutation of mutations) {
    const { errors } = await askAs(app, admin, `mutation { ${mutation} }`);
    expect(errors![0]!.extensions).toMatchObject({ code: 'INTERNAL_SERVER_ERROR' });
  }
  await sql`alter table audit_entries_away rename to audit_entries`;
  expect(await count()).toEqual(before);
  expect(app.scannerStatus().state).toBe('STOPPED');

  await sql`alter table api_keys rename to api_keys_away`;
  await askAs(app, admin, `mutation { ${mutations[0]} }`);
  await sql`alter table api_keys_away rename to api_keys`;
  expect(await count()).toEqual(before);
});
