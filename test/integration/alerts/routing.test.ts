import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { aChain, aChainFeed } from '../../support/a-chain-feed.ts';
import { startNotificationProcess, TEST_SECRETS_KEY } from '../../support/a-notification-process.ts';
import { type HttpReceiver, startHttpReceiver } from '../../support/http-receiver.ts';
import { scanAndWait } from '../../support/scan-and-wait.ts';
import { startTestApp, type TestApp } from '../../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

let database: TestDatabase;
let receiver: HttpReceiver;
let feed: ReturnType<typeof aChainFeed>;
let app: TestApp;
let quotedAtMs: number;
/** Global ids of channels, by the path they post to. */
let channels: Record<'desk' | 'boss', string>;

beforeEach(async () => {
  [database, receiver] = await Promise.all([createTestDatabase(), startHttpReceiver()]);
  feed = aChainFeed(['AAA', 'BBB']);
  await startApp();
  quotedAtMs = Date.now();
  const teller = await startNotificationProcess({ databaseUrl: database.url, maximumChannels: 0 });
  const channel = async (path: string) => {
    const made = await teller.channel({ kind: 'WEBHOOK', url: `${receiver.origin}/${path}` });
    return Buffer.from(`NotificationChannel:${made.channel.id}`).toString('base64');
  };
  channels = { desk: await channel('desk'), boss: await channel('boss') };
  await teller.close();
  await vi.waitUntil(() => app.logs.some(({ msg }) => msg === 'alert rules are evaluated here'));
});

async function startApp(): Promise<void> {
  app = await startTestApp({
    databaseUrl: database.url,
    feed,
    env: {
      STREAM_POLL_INTERVAL_MS: '50',
      SECRETS_KEY: TEST_SECRETS_KEY,
      NOTIFICATIONS_ALLOWED_ADDRESSES: '127.0.0.0/8',
      NOTIFICATIONS_ALLOW_INSECURE: 'true',
    },
  });
}

afterEach(async () => {
  await app.stop();
  await Promise.all([receiver.close(), database.drop()]);
});

/** What a mutation answers with; its type and whatever else is asked for. */
async function act(field: string, input: object, selection = '') {
  const type = `${field[0]!.toUpperCase()}${field.slice(1)}Input`;
  const query = `mutation ($input: ${type}!) { ${field}(input: $input) { __typename ${selection} ... on Error { message } ... on ValidationError { issues { path message } } } }`;
  const { data, errors } = await app.ask(query, { input });
  expect(errors).toBeUndefined();
  return data[field];
}

const above = (fireAt: number, subject: string | null = 'AAA') => ({
  threshold: { source: { of: 'UNDERLYING', subject, metric: 'price' }, direction: 'ABOVE', fireAt },
});

async function createRule(rule: Record<string, unknown>): Promise<string> {
  const written = { name: 'High', condition: above(105), throttleMs: 0, channelIds: [channels.desk], ...rule };
  const made = await act('alertRuleCreate', { rule: written }, '... on AlertRulePayload { rule { id } }');
  expect(made).toMatchObject({ __typename: 'AlertRulePayload' });
  return made.rule.id;
}

async function scanAt(spot: number, symbol = 'AAA'): Promise<void> {
  quotedAtMs += 1_000;
  const chain = aChain(symbol, { spot, quotedAtMs });
  feed.answer(symbol, () => chain);
  await scanAndWait(app, [symbol]);
}

/** `path title`, as they came; titles without the name of the product's own words. */
const told = () =>
  receiver.received.map(({ path, body }) => {
    const { data, type } = JSON.parse(body);
    return `${path} ${type ?? data.kind} ${data.rule?.name ?? data.title}`;
  });
const paths = () => receiver.received.map(({ path }) => path);
const toldTimes = (count: number) => vi.waitFor(() => expect(told()).toHaveLength(count));

// biome-ignore lint/suspicious/noExplicitAny: answers of any shape
async function alerts(): Promise<any[]> {
  const { data } = await app.ask('{ alerts { edges { node { id ruleName status history { kind } } } } }');
  return data.alerts.edges.map(({ node }: { node: unknown }) => node);
}

const firing = (count: number) =>
  vi.waitFor(async () => expect((await alerts()).filter(({ status }) => status !== 'RESOLVED')).toHaveLength(count));

/** Everything the evaluator has heard so far is done: an alert of another rule that comes behind it has been told. */
async function settled(): Promise<void> {
  await act('alertRuleTest', { id: await createRule({ name: 'Mark', condition: above(1_000_000) }) });
  // What came before it may still be on its way, so that their number says nothing.
  await vi.waitFor(() => expect(told()).toContainEqual(expect.stringMatching(/ Mark$/)));
}

describe('an alert that nobody acknowledges', () => {
  async function escalating(delayMs: number): Promise<string> {
    const { policy } = await act(
      'escalationPolicyCreate',
      { policy: { name: 'Up', steps: [{ delayMs, channelIds: [channels.boss] }], repeats: 1 } },
      '... on EscalationPolicyPayload { policy { id } }',
    );
    await createRule({ escalationPolicyId: policy.id });
    await scanAt(106);
    await firing(1);
    return (await alerts())[0].id;
  }

  it('is told to the next, as often as the policy says', async () => {
    // Steps that are due at the same look are told at once: a busy machine must come by between two of them.
    await escalating(2_500);
    await toldTimes(3);
    expect(paths()).toEqual(['/desk', '/boss', '/boss']);
    await settled();
    expect(paths().filter((path) => path === '/boss')).toHaveLength(2);
    await scanAt(100);
    await vi.waitFor(() => expect(paths().at(-1)).toBe('/desk'));
  });

  it('is not, once somebody has taken it over; its end is told', async () => {
    const id = await escalating(3_600_000);
    expect(await act('alertAcknowledge', { id })).toMatchObject({ __typename: 'AlertPayload' });
    await scanAt(100);
    await vi.waitFor(async () => expect((await alerts())[0].status).toBe('RESOLVED'));
    await toldTimes(2);
    expect(paths()).toEqual(['/desk', '/desk']);
  });

  it('is over when somebody resolves it, and fires anew only after its condition has ended', async () => {
    const id = await escalating(3_600_000);
    expect(await act('alertResolve', { id })).toMatchObject({ __typename: 'AlertPayload' });
    await scanAt(107);
    expect(await alerts()).toHaveLength(1);
    await scanAt(100);
    await scanAt(108);
    await firing(1);
    expect(await alerts()).toHaveLength(2);
  });
});

describe('an escalation', () => {
  it('waits for the end of a silence', async () => {
    const { policy } = await act(
      'escalationPolicyCreate',
      { policy: { name: 'Up', steps: [{ delayMs: 100, channelIds: [channels.boss] }] } },
      '... on EscalationPolicyPayload { policy { id } }',
    );
    const { silence } = await act(
      'silenceCreate',
      { matchers: [{ name: 'desk', value: 'vol' }], endsAt: new Date(Date.now() + 3_600_000) },
      '... on SilencePayload { silence { id revision } }',
    );
    await createRule({ escalationPolicyId: policy.id, labels: [{ name: 'desk', value: 'vol' }] });
    await scanAt(106);
    await firing(1);
    // Another one, which nobody silences, has long escalated.
    await createRule({ name: 'Loud', escalationPolicyId: policy.id });
    await scanAt(107);
    await toldTimes(2);
    expect(told().filter((line) => line.endsWith(' High'))).toEqual([]);
    await act('silenceExpire', { id: silence.id, expectedRevision: silence.revision });
    await toldTimes(4);
    expect(
      told()
        .filter((line) => line.endsWith(' High'))
        .toSorted(),
    ).toEqual(['/boss alert.escalated High', '/desk alert.fired High']);
  });

  it('goes on by a policy that has been deleted, also when the server has been started anew', async () => {
    const { policy } = await act(
      'escalationPolicyCreate',
      {
        policy: {
          name: 'Up',
          steps: [
            { delayMs: 0, channelIds: [channels.desk] },
            { delayMs: 1_500, channelIds: [channels.boss] },
          ],
        },
      },
      '... on EscalationPolicyPayload { policy { id revision } }',
    );
    await createRule({ escalationPolicyId: policy.id });
    await scanAt(106);
    await firing(1);
    await act('escalationPolicyDelete', { id: policy.id, expectedRevision: policy.revision });
    await app.stop();
    await startApp();
    await vi.waitFor(() => expect(paths()).toContain('/boss'));
  });
});

describe('what holds notifications back', () => {
  it('a silence, until it ends: what goes on is told then', async () => {
    await createRule({ labels: [{ name: 'desk', value: 'vol' }] });
    const { silence } = await act(
      'silenceCreate',
      { matchers: [{ name: 'desk', value: 'vol' }], endsAt: new Date(Date.now() + 3_600_000), comment: 'maintenance' },
      '... on SilencePayload { silence { id revision } }',
    );
    await scanAt(106);
    await firing(1);
    await settled();
    expect(told()).toHaveLength(1);
    await act('silenceExpire', { id: silence.id, expectedRevision: silence.revision });
    await toldTimes(2);
  });

  it('a silence hides what began and ended in it', async () => {
    await createRule({ labels: [{ name: 'desk', value: 'vol' }] });
    const { silence } = await act(
      'silenceCreate',
      { matchers: [{ name: 'desk', value: 'vol' }], endsAt: new Date(Date.now() + 3_600_000) },
      '... on SilencePayload { silence { id revision } }',
    );
    await scanAt(106);
    await firing(1);
    await scanAt(100);
    await firing(0);
    await act('silenceExpire', { id: silence.id, expectedRevision: silence.revision });
    await settled();
    expect(told()).toHaveLength(1);
  });

  it('another alert, by an inhibition rule, as long as it goes on', async () => {
    await act('inhibitionRuleCreate', {
      name: 'Critical is enough',
      source: [{ name: 'severity', value: 'CRITICAL' }],
      target: [{ name: 'severity', value: 'WARNING' }],
      equal: ['symbol'],
    });
    await createRule({ name: 'Very high', condition: above(110), severity: 'CRITICAL' });
    await scanAt(112);
    await firing(1);
    await createRule({ name: 'High', condition: above(105), severity: 'WARNING' });
    await scanAt(112.5);
    await firing(2);
    await settled();
    expect(told().filter((line) => line.endsWith(' High'))).toEqual([]);
    await scanAt(107);
    await vi.waitFor(() => expect(told().filter((line) => line.endsWith(' High'))).toHaveLength(1));
  });

  it('the same dedup key: the alert that fired first is told, the other one after it', async () => {
    await createRule({ name: 'First', dedupKey: 'price of {{ group.symbol }}' });
    await createRule({ name: 'Second', condition: above(106), dedupKey: 'price of {{ group.symbol }}' });
    await scanAt(105.5);
    await firing(1);
    await scanAt(107);
    await firing(2);
    await settled();
    expect(told().filter((line) => line.endsWith(' Second'))).toEqual([]);
    const first = (await alerts()).find(({ ruleName }) => ruleName === 'First');
    await act('alertResolve', { id: first.id });
    await vi.waitFor(() => expect(told().filter((line) => line.endsWith(' Second'))).toHaveLength(1));
  });

  it('a mute window: evaluated, and nobody is told', async () => {
    await createRule({ muteWindows: [{}] });
    await scanAt(106);
    await firing(1);
    await settled();
    expect(told()).toHaveLength(1);
  });
});
