import { createClient } from 'graphql-ws';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { aChain, aChainFeed } from '../../support/a-chain-feed.ts';
import { scanAndWait } from '../../support/scan-and-wait.ts';
import { startTestApp, type TestApp } from '../../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

const CREATE = `mutation ($rule: AlertRuleInput!) { alertRuleCreate(input: { rule: $rule, reason: "a test" }) {
  __typename ... on AlertRulePayload { rule { id revision name condition { __typename } } } ... on Error { message }
  ... on ValidationError { issues { path message } } } }`;
const ALERTS = `{ alerts { edges { node { id ruleName status title value level severity group { name value } matches
  firedAt resolveReason acknowledgedBy history { kind actor comment notify } } } } }`;

let database: TestDatabase;
let feed: ReturnType<typeof aChainFeed>;
let app: TestApp;
let quotedAtMs: number;

beforeEach(async () => {
  database = await createTestDatabase();
  feed = aChainFeed(['AAA', 'BBB']);
  app = await startTestApp({ databaseUrl: database.url, feed, env: { STREAM_POLL_INTERVAL_MS: '50' } });
  quotedAtMs = Date.now();
  await vi.waitUntil(() => app.logs.some(({ msg }) => msg === 'alert rules are evaluated here'));
});

afterEach(async () => {
  await app.stop();
  await database.drop();
});

const priceAbove = (fireAt: number, clearAt = fireAt, subject: string | null = 'AAA') => ({
  threshold: { source: { of: 'UNDERLYING', subject, metric: 'price' }, direction: 'ABOVE', fireAt, clearAt },
});

async function createRule(rule: Record<string, unknown>): Promise<{ id: string; revision: number }> {
  const { data, errors } = await app.ask(CREATE, { rule: { name: 'Rule', throttleMs: 0, ...rule } });
  expect(errors).toBeUndefined();
  expect(data.alertRuleCreate).toMatchObject({ __typename: 'AlertRulePayload' });
  return data.alertRuleCreate.rule;
}

/** Scans a chain with this price. */
async function scanAt(spot: number, symbol = 'AAA'): Promise<void> {
  quotedAtMs += 1_000;
  const chain = aChain(symbol, { spot, quotedAtMs });
  feed.answer(symbol, () => chain);
  await scanAndWait(app, [symbol]);
}

// biome-ignore lint/suspicious/noExplicitAny: answers of any shape
async function alerts(): Promise<any[]> {
  const { data, errors } = await app.ask(ALERTS);
  expect(errors).toBeUndefined();
  return data.alerts.edges.map(({ node }: { node: unknown }) => node);
}

const statuses = async () => (await alerts()).map(({ status }) => status);

describe('a threshold on the price of an underlying', () => {
  it('fires when the price is beyond it and is over behind the level of clearing', async () => {
    await createRule({ name: 'AAA high', condition: priceAbove(105, 103), severity: 'CRITICAL' });
    await scanAt(100);
    await scanAt(106);
    await vi.waitFor(async () => expect(await statuses()).toEqual(['FIRING']));
    const [alert] = await alerts();
    expect(alert).toMatchObject({
      ruleName: 'AAA high',
      value: 106,
      level: 105,
      severity: 'CRITICAL',
      group: [{ name: 'symbol', value: 'AAA' }],
    });
    expect(alert.title).toContain('AAA high');
    await scanAt(104);
    await scanAt(102);
    await vi.waitFor(async () => expect(await statuses()).toEqual(['RESOLVED']));
    expect((await alerts())[0]).toMatchObject({
      id: alert.id,
      resolveReason: 'CONDITION_ENDED',
      history: [
        { kind: 'FIRED', actor: null, notify: 'FIRED' },
        { kind: 'RESOLVED', actor: null, notify: 'RESOLVED' },
      ],
    });
    await scanAt(110);
    await vi.waitFor(async () => expect(await statuses()).toEqual(['FIRING', 'RESOLVED']));
  });

  it('has an alert for each underlying when none is named', async () => {
    await createRule({ condition: priceAbove(105, 105, null) });
    await scanAt(106, 'AAA');
    await scanAt(107, 'BBB');
    await vi.waitFor(async () => expect((await alerts()).map(({ group }) => group[0].value)).toEqual(['BBB', 'AAA']));
  });

  it('waits as long as it is told to', async () => {
    await createRule({ condition: priceAbove(105), forMs: 400 });
    const beganAtMs = Date.now();
    await scanAt(106);
    await vi.waitFor(async () => expect(await statuses()).toEqual(['FIRING']));
    expect(Date.parse((await alerts())[0].firedAt) - beganAtMs).toBeGreaterThanOrEqual(400);
  });
});

describe('other conditions', () => {
  it('a match fires for results that meet the criteria, and says which', async () => {
    await createRule({
      condition: { match: { criteria: { strategies: { in: ['BULL_PUT_SPREAD'] } }, holdMs: 1_000 } },
      groupBy: ['symbol'],
    });
    await scanAt(100);
    await vi.waitFor(async () => expect((await alerts())[0]).toMatchObject({ group: [{ name: 'symbol', value: 'AAA' }] }));
    await vi.waitFor(async () => expect((await statuses())[0]).toBe('RESOLVED'));
  });

  it('absence fires when nothing is heard', async () => {
    await createRule({ condition: { absence: { source: { of: 'UNDERLYING', subject: 'AAA', metric: 'price' }, afterMs: 1_000 } } });
    await vi.waitFor(async () => expect(await statuses()).toEqual(['FIRING']));
    await scanAt(100);
    await vi.waitFor(async () => expect((await statuses()).at(-1)).toBe('RESOLVED'));
  });

  it('a change fires on a move within the window', async () => {
    const source = { of: 'UNDERLYING', subject: 'AAA', metric: 'price' };
    await createRule({ condition: { change: { source, windowMs: 60_000, measure: 'RELATIVE', direction: 'DOWN', fireAt: 0.05 } } });
    await scanAt(100);
    await scanAt(97);
    await scanAt(94);
    await vi.waitFor(async () => expect(await statuses()).toEqual(['FIRING']));
  });

  it('entering a screen fires for what was not there when the rule was made', async () => {
    await createRule({ condition: { enterExit: { criteria: { symbols: { in: ['BBB'] } }, on: 'ENTER' } }, groupBy: ['symbol'] });
    await scanAt(100, 'AAA');
    await scanAt(100, 'BBB');
    await vi.waitFor(async () => expect((await alerts()).map(({ group }) => group[0].value)).toEqual(['BBB']));
  });
});

describe('what people do with alerts', () => {
  beforeEach(async () => {
    await createRule({ name: 'AAA high', condition: priceAbove(105), labels: [{ name: 'desk', value: 'vol' }] });
    await scanAt(106);
    await vi.waitUntil(async () => (await statuses())[0] === 'FIRING');
  });

  const act = async (name: string, input: Record<string, unknown>) => {
    const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
    const { data } = await app.ask(
      `mutation ($input: ${type}!) { ${name}(input: $input) { __typename ... on AlertPayload { alert { status } } ... on Error { message } } }`,
      { input },
    );
    return data[name];
  };

  it('acknowledge, snooze, comment, resolve; and what its state does not allow is a conflict', async () => {
    const [{ id }] = await alerts();
    expect(await act('alertAcknowledge', { id, comment: 'mine' })).toMatchObject({ alert: { status: 'ACKNOWLEDGED' } });
    expect(await act('alertAcknowledge', { id })).toMatchObject({ __typename: 'ConflictError' });
    expect(await act('alertSnooze', { id, until: new Date(Date.now() + 60_000) })).toMatchObject({ alert: { status: 'SNOOZED' } });
    expect(await act('alertComment', { id, comment: ' ' })).toMatchObject({ __typename: 'ValidationError' });
    expect(await act('alertComment', { id, comment: 'looked at it' })).toMatchObject({ alert: { status: 'SNOOZED' } });
    expect(await act('alertResolve', { id })).toMatchObject({ alert: { status: 'RESOLVED' } });
    // Behind its end comes, a moment later, that its channels are told of it.
    await vi.waitFor(async () =>
      expect((await alerts())[0].history.map(({ kind }: { kind: string }) => kind)).toEqual([
        'FIRED',
        'ACKNOWLEDGED',
        'SNOOZED',
        'COMMENTED',
        'RESOLVED',
        'UPDATED',
      ]),
    );
    // Its condition goes on: it does not fire again before that has ended.
    await scanAt(107);
    await scanAt(100);
    await scanAt(108);
    await vi.waitFor(async () => expect(await statuses()).toEqual(['FIRING', 'RESOLVED']));
  });

  it('wakes a snoozed alert when its time has come', async () => {
    const [{ id }] = await alerts();
    expect(await act('alertSnooze', { id, until: new Date(Date.now() + 3_000) })).toMatchObject({ alert: { status: 'SNOOZED' } });
    await vi.waitFor(async () => expect(await statuses()).toEqual(['FIRING']));
  });

  it('a silence says beforehand what it would mute', async () => {
    const preview = await app.ask('{ silencePreview(matchers: [{ name: "desk", value: "vol" }]) { count alerts { ruleName } } }');
    expect(preview.data.silencePreview).toEqual({ count: 1, alerts: [{ ruleName: 'AAA high' }] });
    const none = await app.ask('{ silencePreview(matchers: [{ name: "desk", operator: LIKE, value: "rate*" }]) { count } }');
    expect(none.data.silencePreview.count).toBe(0);
  });
});

describe('the subscription of alerts', () => {
  it('tells what happens, and goes on from a cursor', async () => {
    const client = createClient({ url: app.webSocketUrl, webSocketImpl: WebSocket, retryAttempts: 0 });
    const subscribe = (after: string | null) =>
      client.iterate<{ alerts: { phase: string; cursor: string; changes: { kind: string; alert: { status: string } }[] } }>({
        query: 'subscription ($after: String) { alerts(after: $after) { phase cursor changes { kind alert { status } } } }',
        variables: { after },
      });
    const events = subscribe(null);
    expect((await events.next()).value.data!.alerts).toMatchObject({ phase: 'SNAPSHOT', changes: [] });
    await createRule({ condition: priceAbove(105) });
    await scanAt(106);
    const fired = (await events.next()).value.data!.alerts;
    expect(fired).toMatchObject({ phase: 'LIVE', changes: [{ kind: 'FIRED', alert: { status: 'FIRING' } }] });
    await events.return!();
    await scanAt(100);
    await vi.waitFor(async () => expect(await statuses()).toEqual(['RESOLVED']));
    const resumed = subscribe(fired.cursor);
    expect((await resumed.next()).value.data!.alerts).toMatchObject({ phase: 'REPLAY', changes: [{ kind: 'RESOLVED' }] });
    await resumed.return!();
    await client.dispose();
  });
});

describe('rules', () => {
  it('are refused with every issue, at the place where it was written', async () => {
    const { data } = await app.ask(CREATE, {
      rule: {
        name: '',
        condition: { threshold: { source: { of: 'UNDERLYING', metric: 'pricee' }, direction: 'ABOVE', fireAt: 1, clearAt: 2 } },
        forMs: -1,
      },
    });
    expect(data.alertRuleCreate.__typename).toBe('ValidationError');
    const paths = data.alertRuleCreate.issues.map(({ path }: { path: string }) => path);
    expect(paths).toEqual(expect.arrayContaining(['name', 'forMs', 'condition.threshold.source.metric', 'condition.threshold.clearAt']));
  });

  it('have revisions with who, why and what, and are changed only from the revision in force', async () => {
    const { id } = await createRule({ condition: priceAbove(105) });
    const update = `mutation ($input: AlertRuleUpdateInput!) { alertRuleUpdate(input: $input) { __typename
      ... on AlertRulePayload { rule { revision revisions { revision kind actor reason changes { path from to } } } } ... on ConflictError { currentRevision } } }`;
    const changed = await app.ask(update, {
      input: { id, expectedRevision: 1, rule: { condition: priceAbove(107), severity: 'INFO' }, reason: 'too early' },
    });
    expect(changed.data.alertRuleUpdate.rule).toMatchObject({
      revision: 2,
      revisions: [
        { revision: 1, kind: 'CREATED', actor: 'local', reason: 'a test', changes: [] },
        {
          revision: 2,
          kind: 'UPDATED',
          reason: 'too early',
          changes: [
            { path: 'condition.clearAt', from: '105', to: '107' },
            { path: 'condition.fireAt', from: '105', to: '107' },
            { path: 'severity', from: '"WARNING"', to: '"INFO"' },
          ],
        },
      ],
    });
    const stale = await app.ask(update, { input: { id, expectedRevision: 1, rule: { severity: 'INFO' } } });
    expect(stale.data.alertRuleUpdate).toEqual({ __typename: 'ConflictError', currentRevision: 2 });
    await scanAt(106);
    await scanAt(108);
    await vi.waitFor(async () => expect((await alerts()).map(({ level }) => level)).toEqual([107]));
  });

  it('end their alerts when they are deleted', async () => {
    const { id } = await createRule({ condition: priceAbove(105) });
    await scanAt(106);
    await vi.waitFor(async () => expect(await statuses()).toEqual(['FIRING']));
    const { data } = await app.ask('mutation ($id: ID!) { alertRuleDelete(input: { id: $id, expectedRevision: 1 }) { __typename } }', {
      id,
    });
    expect(data.alertRuleDelete.__typename).toBe('AlertRulePayload');
    await vi.waitFor(async () => expect((await alerts())[0]).toMatchObject({ status: 'RESOLVED', resolveReason: 'RULE_DELETED' }));
    expect((await app.ask('{ alertRules { edges { node { id } } } }')).data.alertRules.edges).toEqual([]);
  });

  it('can be tried: a marked alert that is over at once', async () => {
    const { id } = await createRule({ name: 'Try me', condition: priceAbove(105) });
    const { data } = await app.ask(
      'mutation ($id: ID!) { alertRuleTest(input: { id: $id }) { __typename ... on AlertPayload { alert { isTest status title } } } }',
      { id },
    );
    expect(data.alertRuleTest.alert).toMatchObject({ isTest: true, status: 'RESOLVED' });
    expect(data.alertRuleTest.alert.title).toContain('[Test]');
  });
});
