import { createClient } from 'graphql-ws';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { isPermitted } from '../../src/domain/access/permission.ts';
import { ROLES, type Role } from '../../src/domain/access/role.ts';
import { schema } from '../../src/schema/index.ts';
import { rootPermissions } from '../../src/schema/root-permissions.ts';
import { aChainFeed } from '../support/a-chain-feed.ts';
import { startTestApp, type TestApp } from '../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const SECRET = 'a secret that is long enough for HS256';
const UNKNOWN = '01900000-0000-7000-8000-000000000001';
const globalId = (type: string) => Buffer.from(`${type}:${UNKNOWN}`).toString('base64');

let database: TestDatabase;
let app: TestApp;

beforeAll(async () => {
  database = await createTestDatabase();
  app = await startTestApp({ databaseUrl: database.url, feed: aChainFeed(['AAA']), env: { AUTH_JWT_SECRET: SECRET } });
});

afterAll(async () => {
  await app.stop();
  await database.drop();
});

function token(claims: { roles?: readonly string[]; expiresInSeconds?: number; subject?: string } = {}): Promise<string> {
  return new SignJWT({ roles: claims.roles ?? ['ADMIN'] })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(claims.subject ?? 'somebody')
    .setExpirationTime(Math.floor(Date.now() / 1_000) + (claims.expiresInSeconds ?? 60))
    .sign(new TextEncoder().encode(SECRET));
}

async function ask(query: string, authorization: string | null) {
  const response = await fetch(`${app.origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', ...(authorization !== null && { authorization }) },
    body: JSON.stringify({ query }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: answers of any shape
  return { status: response.status, headers: response.headers, body: (await response.json()) as any };
}

interface Told {
  readonly errors?: readonly { readonly extensions: { readonly code: string; readonly permission?: string } }[];
}

async function askSocket(query: string, authorization: string): Promise<Told> {
  const client = createClient({ url: app.webSocketUrl, webSocketImpl: WebSocket, retryAttempts: 0, connectionParams: { authorization } });
  try {
    const results = client.iterate({ query });
    const { value } = await results.next();
    await results.return?.();
    return value as Told;
  } finally {
    await client.dispose();
  }
}

const RANGE = 'range: { from: "2020-01-01T00:00:00Z", before: "2020-01-02T00:00:00Z" }';

/** What each root field is asked with; a field that is not here fails the test below. */
const ASKED: Readonly<Record<string, string>> = {
  'query aggregates': `{ aggregates(metric: RESULT_SCORE, interval: HOUR_1, ${RANGE}) { tier } }`,
  'query alert': `{ alert(id: "${globalId('Alert')}") { id } }`,
  'query alertRule': `{ alertRule(id: "${globalId('AlertRule')}") { id } }`,
  'query alertRules': '{ alertRules(first: 1) { edges { cursor } } }',
  'query alerts': '{ alerts(first: 1) { edges { cursor } } }',
  'query apiKey': `{ apiKey(id: "${globalId('ApiKey')}") { id } }`,
  'query apiKeys': '{ apiKeys(first: 1) { edges { cursor } } }',
  'query auditEntries': '{ auditEntries(first: 1) { edges { cursor } } }',
  'query connections': '{ connections(first: 1) { edges { cursor } } }',
  'query correlation': `{ correlation(one: { metric: RESULT_SCORE }, other: { metric: SCAN_DURATION }, interval: HOUR_1, ${RANGE}) { pairs } }`,
  'query distribution': `{ distribution(metric: RESULT_SCORE, ${RANGE}) { bins { count } } }`,
  'query escalationPolicies': '{ escalationPolicies(first: 1) { edges { cursor } } }',
  'query filter': `{ filter(id: "${globalId('Filter')}") { id } }`,
  'query filterChanges': '{ filterChanges(first: 1) { edges { cursor } } }',
  'query filterExplain': `{ filterExplain(input: { criteria: {}, resultId: "${globalId('ScanResult')}" }) { matches } }`,
  'query filterExport': '{ filterExport }',
  'query filterPreview': '{ filterPreview(input: { criteria: {} }) { matching } }',
  'query filters': '{ filters(first: 1) { edges { cursor } } }',
  'query inhibitionRules': '{ inhibitionRules(first: 1) { edges { cursor } } }',
  'query node': `{ node(id: "${globalId('ScanRun')}") { id } }`,
  'query nodes': `{ nodes(ids: ["${globalId('ScanRun')}"]) { id } }`,
  'query notificationChannel': `{ notificationChannel(id: "${globalId('NotificationChannel')}") { id } }`,
  'query notificationChannels': '{ notificationChannels(first: 1) { edges { cursor } } }',
  'query notifications': '{ notifications(first: 1) { edges { cursor } } }',
  'query opportunities': '{ opportunities(first: 1) { edges { cursor } } }',
  'query opportunityChanges': '{ opportunityChanges(first: 1) { edges { cursor } } }',
  'query scanResult': `{ scanResult(id: "${globalId('ScanResult')}") { id } }`,
  'query scanResults': '{ scanResults(first: 1) { edges { cursor } } }',
  'query scanRun': `{ scanRun(id: "${globalId('ScanRun')}") { id } }`,
  'query scanRuns': '{ scanRuns(first: 1) { edges { cursor } } }',
  'query scanner': '{ scanner { state } }',
  'query storage': '{ storage { backing } }',
  'query scoreCalibration': '{ scoreCalibration { settled } }',
  'query silencePreview': '{ silencePreview(matchers: [{ name: "rule", value: "A" }]) { count } }',
  'query silences': '{ silences(first: 1) { edges { cursor } } }',
  'query underlying': '{ underlying(symbol: "AAA") { symbol } }',
  'query underlyings': '{ underlyings(first: 1) { edges { cursor } } }',
  'query viewer': '{ viewer { subject } }',
  'mutation alertAcknowledge': `mutation { alertAcknowledge(input: { id: "${globalId('Alert')}" }) { __typename } }`,
  'mutation alertComment': `mutation { alertComment(input: { id: "${globalId('Alert')}", comment: "" }) { __typename } }`,
  'mutation alertResolve': `mutation { alertResolve(input: { id: "${globalId('Alert')}" }) { __typename } }`,
  'mutation alertRuleCreate': 'mutation { alertRuleCreate(input: { rule: {} }) { __typename } }',
  'mutation alertRuleDelete': `mutation { alertRuleDelete(input: { id: "${globalId('AlertRule')}", expectedRevision: 1 }) { __typename } }`,
  'mutation alertRuleTest': `mutation { alertRuleTest(input: { id: "${globalId('AlertRule')}" }) { __typename } }`,
  'mutation alertRuleUpdate': `mutation { alertRuleUpdate(input: { id: "${globalId('AlertRule')}", expectedRevision: 1, rule: {} }) { __typename } }`,
  'mutation alertSnooze': `mutation { alertSnooze(input: { id: "${globalId('Alert')}", until: "2030-01-01T00:00:00Z" }) { __typename } }`,
  'mutation alertUnacknowledge': `mutation { alertUnacknowledge(input: { id: "${globalId('Alert')}" }) { __typename } }`,
  'mutation alertUnsnooze': `mutation { alertUnsnooze(input: { id: "${globalId('Alert')}" }) { __typename } }`,
  'mutation apiKeyCreate': 'mutation { apiKeyCreate(input: { name: "", roles: [] }) { __typename } }',
  'mutation apiKeyRevoke': `mutation { apiKeyRevoke(input: { id: "${globalId('ApiKey')}" }) { __typename } }`,
  'mutation connectionTerminate': `mutation { connectionTerminate(input: { id: "${globalId('ClientConnection')}" }) { __typename } }`,
  'mutation escalationPolicyCreate': 'mutation { escalationPolicyCreate(input: { policy: {} }) { __typename } }',
  'mutation escalationPolicyDelete': `mutation { escalationPolicyDelete(input: { id: "${globalId('EscalationPolicy')}", expectedRevision: 1 }) { __typename } }`,
  'mutation escalationPolicyUpdate': `mutation { escalationPolicyUpdate(input: { id: "${globalId('EscalationPolicy')}", expectedRevision: 1, policy: {} }) { __typename } }`,
  'mutation eventTokenCreate': 'mutation { eventTokenCreate { expiresAt } }',
  'mutation filterCreate': 'mutation { filterCreate(input: { name: "", criteria: {} }) { __typename } }',
  'mutation filterDelete': `mutation { filterDelete(input: { id: "${globalId('Filter')}", expectedRevision: 1 }) { __typename } }`,
  'mutation filterApplyPreset': 'mutation { filterApplyPreset(input: { preset: HIGH_IV, name: "" }) { __typename } }',
  'mutation filterDisable': `mutation { filterDisable(input: { id: "${globalId('Filter')}" }) { __typename } }`,
  'mutation filterDuplicate': `mutation { filterDuplicate(input: { id: "${globalId('Filter')}", name: "Copy" }) { __typename } }`,
  'mutation filterEnable': `mutation { filterEnable(input: { id: "${globalId('Filter')}" }) { __typename } }`,
  'mutation filterRestore': `mutation { filterRestore(input: { id: "${globalId('Filter')}" }) { __typename } }`,
  'mutation filterRollback': `mutation { filterRollback(input: { id: "${globalId('Filter')}", expectedRevision: 2, revision: 1 }) { __typename } }`,
  'mutation filterImport': 'mutation { filterImport(input: { document: {} }) { __typename } }',
  'mutation filterUpdate': `mutation { filterUpdate(input: { id: "${globalId('Filter')}", expectedRevision: 1 }) { __typename } }`,
  'mutation inhibitionRuleCreate': 'mutation { inhibitionRuleCreate(input: { name: "", source: [], target: [] }) { __typename } }',
  'mutation inhibitionRuleDelete': `mutation { inhibitionRuleDelete(input: { id: "${globalId('InhibitionRule')}", expectedRevision: 1 }) { __typename } }`,
  'mutation notificationChannelCreate':
    'mutation { notificationChannelCreate(input: { name: "", settings: { log: true } }) { __typename } }',
  'mutation notificationChannelDelete': `mutation { notificationChannelDelete(input: { id: "${globalId('NotificationChannel')}", expectedRevision: 1 }) { __typename } }`,
  'mutation notificationChannelRotateSigningSecret': `mutation { notificationChannelRotateSigningSecret(input: { id: "${globalId('NotificationChannel')}", expectedRevision: 1 }) { __typename } }`,
  'mutation notificationChannelTest': `mutation { notificationChannelTest(input: { id: "${globalId('NotificationChannel')}" }) { __typename } }`,
  'mutation notificationChannelUpdate': `mutation { notificationChannelUpdate(input: { id: "${globalId('NotificationChannel')}", expectedRevision: 1 }) { __typename } }`,
  'mutation notificationReplay': `mutation { notificationReplay(input: { ids: ["${globalId('Notification')}"] }) { __typename } }`,
  'mutation retentionRun': 'mutation { retentionRun(input: { dryRun: true }) { __typename } }',
  'mutation scanRequest': 'mutation { scanRequest(input: { symbols: [] }) { __typename } }',
  'mutation scannerStart': 'mutation { scannerStart { scanner { state } } }',
  'mutation scannerStop': 'mutation { scannerStop { scanner { state } } }',
  'mutation sessionRenew': 'mutation { sessionRenew(input: { token: "" }) { __typename } }',
  'mutation silenceCreate': 'mutation { silenceCreate(input: { matchers: [], endsAt: "2030-01-01T00:00:00Z" }) { __typename } }',
  'mutation silenceExpire': `mutation { silenceExpire(input: { id: "${globalId('Silence')}", expectedRevision: 1 }) { __typename } }`,
  'mutation tokenRevoke': 'mutation { tokenRevoke(input: {}) { __typename } }',
  'subscription aggregates': 'subscription { aggregates(metric: RESULT_SCORE, interval: HOUR_1) { tier } }',
  'subscription alertRuleBacktest': `subscription { alertRuleBacktest(input: { range: { from: "2020-01-01T00:00:00Z" }, rule: { condition: { absence: {
    source: { of: UNDERLYING, metric: "price" }, afterMs: 1000 } } } }) { isOver } }`,
  'subscription alerts': 'subscription { alerts { cursor } }',
  'subscription filterChanges': 'subscription { filterChanges { cursor } }',
  'subscription opportunities': 'subscription { opportunities { cursor } }',
  'subscription scanResults': 'subscription { scanResults { cursor } }',
  'subscription scanner': 'subscription { scanner { state } }',
  'subscription session': 'subscription { session { kind } }',
};

describe('every root field', () => {
  const fields = rootPermissions(schema);
  const table = fields.flatMap(({ operation, field, permission }) =>
    ROLES.map((role) => [role, `${operation} ${field}`, permission] as const),
  );

  it('is in the table', () => {
    expect(fields.map(({ operation, field }) => `${operation} ${field}`).toSorted()).toEqual(Object.keys(ASKED).toSorted());
  });

  it.each(table)('for %s: %s (%s)', async (role, field, permission) => {
    // A subject for each: one alone would be over its rate.
    const authorization = `Bearer ${await token({ roles: [role], subject: role })}`;
    const refusals = isPermitted([role as Role], permission) ? [] : [{ code: 'FORBIDDEN', permission }];
    const overSocket = await askSocket(ASKED[field]!, authorization);
    const refused = (errors: Told['errors']) =>
      (errors ?? []).map(({ extensions: { code, permission: lacking } }) => ({ code, permission: lacking }));
    expect(refused(overSocket.errors)).toEqual(refusals);
    const overHttp = field.startsWith('subscription') ? overSocket : (await ask(ASKED[field]!, authorization)).body;
    expect(refused(overHttp.errors)).toEqual(refusals);
  });
});

describe('who has no token', () => {
  it.each([
    ['none', null, 'MISSING'],
    ['another kind of authorization', 'Basic YTpi', 'MALFORMED'],
    ['nonsense', 'Bearer nonsense', 'MALFORMED'],
  ])('but %s is refused with 401', async (_what, authorization, failure) => {
    const { status, headers, body } = await ask('{ viewer { subject } }', authorization);
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toBe('Bearer');
    expect(body.data ?? null).toBeNull();
    expect(body.errors[0].extensions).toEqual({ code: 'UNAUTHENTICATED', failure, requestId: expect.any(String) });
  });

  it('that is still good is refused with 401, and its token is not repeated', async () => {
    const expired = await token({ expiresInSeconds: -60 });
    const { status, body } = await ask('{ viewer { subject } }', `Bearer ${expired}`);
    expect(status).toBe(401);
    expect(body.errors[0].extensions.failure).toBe('EXPIRED');
    expect(JSON.stringify([body, app.logs])).not.toContain(expired.slice(-30));
  });

  it('gets no WebSocket', async () => {
    for (const connectionParams of [undefined, { authorization: 'Bearer nonsense' }]) {
      const client = createClient({
        url: app.webSocketUrl,
        webSocketImpl: WebSocket,
        retryAttempts: 0,
        ...(connectionParams && { connectionParams }),
      });
      await expect(client.iterate({ query: '{ viewer { subject } }' }).next()).rejects.toMatchObject({
        code: 4403,
        reason: expect.stringContaining('expected a'),
      });
    }
  });

  it('gets no event stream', async () => {
    const response = await fetch(`${app.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: 'subscription { scanner { state } }' }),
    });
    expect(await response.text()).toContain('UNAUTHENTICATED');
  });

  it('may look whether the server is well', async () => {
    expect((await fetch(`${app.origin}/health`)).status).toBe(200);
    // It is not known before the database has answered once.
    await vi.waitFor(async () => expect((await fetch(`${app.origin}/ready`)).status).toBe(200));
  });
});

it('the viewer sees who it is and what it may', async () => {
  const { body } = await ask('{ viewer { kind subject roles permissions expiresAt } }', `Bearer ${await token({ roles: ['DEVELOPER'] })}`);
  expect(body.data.viewer).toEqual({
    kind: 'TOKEN',
    subject: 'somebody',
    roles: ['DEVELOPER'],
    permissions: ['SESSION', 'READ_OPERATIONS', 'CONTROL_SCANNER', 'MANAGE_STORAGE'],
    expiresAt: expect.stringMatching(/Z$/),
  });
});

it('nobody reaches by a global id what no root field gives', async () => {
  const { body } = await ask(`{ node(id: "${globalId('ScanResult')}") { id } }`, `Bearer ${await token({ roles: ['DEVELOPER'] })}`);
  expect(body.errors[0].extensions).toMatchObject({ code: 'FORBIDDEN', permission: 'READ_RESULTS' });
});

it('without configured authentication the viewer is the local administrator', async () => {
  const open = await startTestApp({ databaseUrl: database.url });
  const { data } = await open.ask('{ viewer { kind subject roles } }');
  expect(data.viewer).toEqual({ kind: 'LOCAL', subject: 'local', roles: ['ADMIN'] });
  await open.stop();
});
