import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { TEST_SECRETS_KEY } from '../../support/a-notification-process.ts';
import { aBearerToken, TOKEN_SECRET } from '../../support/a-token.ts';
import { askAs } from '../../support/ask-as.ts';
import { type HttpReceiver, startHttpReceiver } from '../../support/http-receiver.ts';
import { startTestApp, type TestApp } from '../../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

const CHANNEL = `id name kind enabled disabledReason rateLimitPerMinute digestWindowMs owner canEdit revision deletedAt
  breaker { phase failures openUntil pausedUntil }
  settings { __typename ... on WebhookSettings { url headerNames } ... on SlackSettings { kind }
    ... on EmailSettings { host port security username from to } ... on SmsSettings { baseUrl accountSid sender: from reader: to } }`;
const FAILED = '... on Error { message } ... on ValidationError { issues { path message } }';
const CREATE = `mutation ($input: NotificationChannelCreateInput!) { result: notificationChannelCreate(input: $input) {
  __typename ... on NotificationChannelCreatePayload { signingSecret channel { ${CHANNEL} } } ${FAILED} } }`;
const UPDATE = `mutation ($input: NotificationChannelUpdateInput!) { result: notificationChannelUpdate(input: $input) {
  __typename ... on NotificationChannelUpdatePayload { channel { ${CHANNEL} } } ${FAILED} } }`;
const DELETE = `mutation ($input: NotificationChannelDeleteInput!) { result: notificationChannelDelete(input: $input) {
  __typename ... on NotificationChannelDeletePayload { channel { ${CHANNEL} } } ${FAILED} } }`;
const ROTATE = `mutation ($input: NotificationChannelRotateSigningSecretInput!) { result: notificationChannelRotateSigningSecret(input: $input) {
  __typename ... on NotificationChannelRotateSigningSecretPayload { signingSecret channel { revision } } ${FAILED} } }`;
const TEST = `mutation ($input: NotificationChannelTestInput!) { result: notificationChannelTest(input: $input) {
  __typename ... on NotificationChannelTestPayload { notification { id kind } } ${FAILED} } }`;
const REPLAY = `mutation ($input: NotificationReplayInput!) { result: notificationReplay(input: $input) {
  __typename ... on NotificationReplayPayload { notifications { id } } ${FAILED} } }`;
const READ = `query ($id: ID!) { notificationChannel(id: $id) { ${CHANNEL} } }`;
const LIST =
  'query ($mine: Boolean) { notificationChannels(mine: $mine) { edges { node { id name kind enabled settings { __typename } } } } }';
const NOTIFICATIONS = `query ($filter: NotificationFilter) { notifications(filter: $filter) { edges { node { id kind state reason subject body alertId
  createdAt nextAttemptAt deliveredAt channel { name } attempts { number outcome status durationMs responseExcerpt error notifications startedAt } } } } }`;
const AUDIT =
  '{ auditEntries { edges { node { action objectKind objectId objectName actor { subject kind } fromRevision toRevision reason } } } }';

let database: TestDatabase;
let app: TestApp;
let receiver: HttpReceiver;
let ann: string;
let bob: string;
let admin: string;
/** Everything that was answered, for what must never be in it. */
const answered: string[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  app = await startTestApp({
    databaseUrl: database.url,
    env: {
      AUTH_JWT_SECRET: TOKEN_SECRET,
      SECRETS_KEY: TEST_SECRETS_KEY,
      NOTIFICATIONS_ALLOWED_ADDRESSES: '127.0.0.0/8',
      NOTIFICATIONS_ALLOW_INSECURE: 'true',
      NOTIFICATIONS_MAXIMUM_ATTEMPTS: '2',
      NOTIFICATIONS_FIRST_RETRY_MS: '20',
      NOTIFICATIONS_POLL_INTERVAL_MS: '50',
    },
  });
  ann = await aBearerToken({ subject: 'ann', roles: ['TRADER'] });
  bob = await aBearerToken({ subject: 'bob', roles: ['TRADER'] });
  admin = await aBearerToken();
});

beforeEach(async () => {
  receiver = await startHttpReceiver();
});

afterEach(() => receiver.close());

afterAll(async () => {
  const isClean = await app.stop();
  await database.drop();
  if (!isClean) throw new Error('expected a clean stop');
});

async function tell(shown: string, query: string, variables: Record<string, unknown> = {}) {
  const { data, errors } = await askAs(app, shown, query, variables);
  expect(errors).toBeUndefined();
  answered.push(JSON.stringify(data));
  return data;
}

const ask = async (shown: string, query: string, input: Record<string, unknown>) => (await tell(shown, query, { input })).result;

let made = 0;
const nextName = () => `Channel ${++made}`;

async function webhook(shown: string, rest: Record<string, unknown> = {}) {
  const input = { name: nextName(), settings: { webhook: { url: `${receiver.origin}/hook` } }, ...rest };
  const result = await ask(shown, CREATE, input);
  expect(result).toMatchObject({ __typename: 'NotificationChannelCreatePayload' });
  return result;
}

const nodes = (connection: { edges: readonly { node: unknown }[] }) => connection.edges.map(({ node }) => node);

/** What there is on a channel, newest first. */
async function notificationsOf(shown: string, channelId: string, filter: Record<string, unknown> = {}) {
  // biome-ignore lint/suspicious/noExplicitAny: answers of any shape
  return nodes((await tell(shown, NOTIFICATIONS, { filter: { channelIds: [channelId], ...filter } })).notifications) as any[];
}

async function tested(shown: string, channelId: string, state: string) {
  const { notification } = await ask(shown, TEST, { id: channelId });
  await vi.waitFor(async () => {
    const found = (await notificationsOf(shown, channelId)).find(({ id }) => id === notification.id);
    expect(found.state).toBe(state);
  });
  return (await notificationsOf(shown, channelId)).find(({ id }) => id === notification.id);
}

async function auditOf(channelId: string) {
  const entries = nodes((await tell(admin, AUDIT)).auditEntries) as { objectId: string }[];
  return entries.filter(({ objectId }) => objectId === channelId).toReversed();
}

describe('a webhook channel', () => {
  it('is made, tested, and its request can be verified with the key that was told once', async () => {
    receiver.answerWith(() => ({ status: 200, body: 'thank you' }));
    const { signingSecret, channel } = await webhook(ann, { rateLimitPerMinute: 600, reason: 'for the desk' });
    expect(signingSecret).toMatch(/^whsec_/);
    expect(channel).toMatchObject({
      kind: 'WEBHOOK',
      enabled: true,
      disabledReason: null,
      rateLimitPerMinute: 600,
      digestWindowMs: 0,
      owner: 'ann',
      canEdit: true,
      revision: 1,
      breaker: { phase: 'CLOSED', failures: 0, openUntil: null, pausedUntil: null },
      settings: { __typename: 'WebhookSettings', url: `${receiver.origin}/hook`, headerNames: [] },
    });
    const notification = await tested(ann, channel.id, 'DELIVERED');
    expect(notification).toMatchObject({ kind: 'TEST', alertId: null, reason: null, nextAttemptAt: null, channel: { name: channel.name } });
    expect(notification.deliveredAt).toMatch(/Z$/);
    expect(notification.attempts).toEqual([
      {
        number: 1,
        outcome: 'DELIVERED',
        status: 200,
        durationMs: expect.any(Number),
        responseExcerpt: 'thank you',
        error: null,
        notifications: 1,
        startedAt: expect.stringMatching(/Z$/),
      },
    ]);
    const [request] = receiver.received;
    expect(new Webhook(signingSecret).verify(request!.body, request!.headers as Record<string, string>)).toMatchObject({
      type: 'alert.test',
      data: { subject: notification.subject, isTest: true },
    });
    expect(await auditOf(channel.id)).toMatchObject([
      { action: 'CHANNEL_CREATED', objectKind: 'NOTIFICATION_CHANNEL', actor: { subject: 'ann' }, toRevision: 1, reason: 'for the desk' },
      { action: 'CHANNEL_TESTED', objectName: channel.name, actor: { subject: 'ann' } },
    ]);
  });

  it('is disabled when its endpoint is gone, with an entry of the server, and enabled by its owner', async () => {
    receiver.answerWith((_request, before) => ({ status: before === 0 ? 410 : 200 }));
    const { channel } = await webhook(ann);
    expect(await tested(ann, channel.id, 'DEAD')).toMatchObject({ attempts: [{ outcome: 'GONE', status: 410 }] });
    await vi.waitFor(async () => {
      const { notificationChannel } = await tell(ann, READ, { id: channel.id });
      expect(notificationChannel).toMatchObject({ enabled: false, disabledReason: expect.stringContaining('410'), revision: 2 });
    });
    expect(await auditOf(channel.id)).toContainEqual(
      expect.objectContaining({
        action: 'CHANNEL_DISABLED',
        actor: { subject: 'strikewire', kind: 'SYSTEM' },
        fromRevision: 1,
        toRevision: 2,
      }),
    );
    expect(await tested(ann, channel.id, 'SKIPPED')).toMatchObject({ reason: 'the channel is disabled', attempts: [] });
    const updated = await ask(ann, UPDATE, { id: channel.id, expectedRevision: 2, enabled: true });
    expect(updated.channel).toMatchObject({ enabled: true, disabledReason: null, revision: 3 });
    await tested(ann, channel.id, 'DELIVERED');
  });

  it('is sent a dead notification again under the same id by a replay', async () => {
    receiver.answerWith((_request, before) => ({ status: before < 2 ? 500 : 200 }));
    const { channel } = await webhook(ann);
    const dead = await tested(ann, channel.id, 'DEAD');
    expect(dead.reason).toContain('given up after 2 attempts');
    expect(await notificationsOf(ann, channel.id, { states: ['DEAD'] })).toMatchObject([{ id: dead.id }]);
    const replayed = await ask(ann, REPLAY, { ids: [dead.id, dead.id], reason: 'it is back' });
    expect(replayed).toEqual({ __typename: 'NotificationReplayPayload', notifications: [{ id: dead.id }] });
    await vi.waitFor(async () => expect(await notificationsOf(ann, channel.id, { states: ['DELIVERED'] })).toHaveLength(1));
    expect(
      (await notificationsOf(ann, channel.id))[0].attempts.map(({ number, status }: { number: number; status: number }) => [
        number,
        status,
      ]),
    ).toEqual([
      [1, 500],
      [2, 500],
      [3, 200],
    ]);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect((await auditOf(channel.id)).at(-1)).toMatchObject({ action: 'CHANNEL_REPLAYED', reason: 'it is back' });
  });

  it('gets a new key, and for a while both sign', async () => {
    const { signingSecret, channel } = await webhook(ann);
    const rotated = await ask(ann, ROTATE, { id: channel.id, expectedRevision: 1 });
    expect(rotated).toMatchObject({ __typename: 'NotificationChannelRotateSigningSecretPayload', channel: { revision: 2 } });
    await tested(ann, channel.id, 'DELIVERED');
    const { body, headers } = receiver.received[0]!;
    for (const secret of [signingSecret, rotated.signingSecret]) {
      expect(() => new Webhook(secret).verify(body, headers as Record<string, string>)).not.toThrow();
    }
    expect(rotated.signingSecret).not.toBe(signingSecret);
    expect((await auditOf(channel.id))[1]).toMatchObject({ action: 'CHANNEL_SECRET_ROTATED', fromRevision: 1, toRevision: 2 });
  });

  it('is made once for an idempotency key of a caller, and its key told once', async () => {
    const input = { name: nextName(), settings: { webhook: { url: `${receiver.origin}/hook` } }, idempotencyKey: 'the same' };
    const [first, twin] = await Promise.all([ask(ann, CREATE, input), ask(ann, CREATE, input)]);
    const again = await ask(ann, CREATE, input);
    expect(new Set([first, twin, again].map(({ channel }) => channel.id)).size).toBe(1);
    expect([first, twin, again].filter(({ signingSecret }) => signingSecret !== null)).toHaveLength(1);
    expect(await ask(ann, CREATE, { ...input, name: nextName() })).toMatchObject({ __typename: 'ConflictError' });
    expect(await ask(bob, CREATE, { ...input, name: nextName() })).toMatchObject({ __typename: 'NotificationChannelCreatePayload' });
    expect(await auditOf(first.channel.id)).toHaveLength(1);
  });

  it('is deleted: no longer listed, still there by its id', async () => {
    const { channel } = await webhook(ann);
    const stale = await ask(ann, DELETE, { id: channel.id, expectedRevision: 7 });
    expect(stale).toMatchObject({ __typename: 'ConflictError', message: 'expected revision 7 to be in force, got 1' });
    const deleted = await ask(ann, DELETE, { id: channel.id, expectedRevision: 1, reason: 'not needed' });
    expect(deleted.channel).toMatchObject({ id: channel.id, deletedAt: expect.stringMatching(/Z$/) });
    expect(nodes((await tell(ann, LIST, { mine: true })).notificationChannels)).not.toContainEqual(
      expect.objectContaining({ id: channel.id }),
    );
    expect((await tell(ann, READ, { id: channel.id })).notificationChannel).toMatchObject({ revision: 2 });
    expect(await ask(ann, TEST, { id: channel.id })).toMatchObject({ __typename: 'NotFoundError' });
    expect((await auditOf(channel.id)).at(-1)).toMatchObject({
      action: 'CHANNEL_DELETED',
      fromRevision: 1,
      toRevision: null,
      reason: 'not needed',
    });
  });
});

describe('a channel of somebody else', () => {
  it('is seen by its name, without where it leads and what it told', async () => {
    const { channel } = await webhook(ann);
    const notification = await tested(ann, channel.id, 'DELIVERED');
    expect((await tell(bob, READ, { id: channel.id })).notificationChannel).toMatchObject({
      name: channel.name,
      kind: 'WEBHOOK',
      enabled: true,
      canEdit: false,
      settings: null,
    });
    expect(nodes((await tell(bob, LIST)).notificationChannels)).toContainEqual(expect.objectContaining({ id: channel.id, settings: null }));
    expect(nodes((await tell(bob, LIST, { mine: true })).notificationChannels)).not.toContainEqual(
      expect.objectContaining({ id: channel.id }),
    );
    expect(await notificationsOf(bob, channel.id)).toEqual([]);
    expect(await tell(bob, 'query ($id: ID!) { node(id: $id) { id } }', { id: notification.id })).toEqual({ node: null });
    expect(await tell(ann, 'query ($id: ID!) { node(id: $id) { id } }', { id: notification.id })).toEqual({
      node: { id: notification.id },
    });
    expect(
      await tell(bob, 'query ($id: ID!) { node(id: $id) { ... on NotificationChannel { settings { __typename } } } }', { id: channel.id }),
    ).toEqual({
      node: { settings: null },
    });
  });

  it('is changed by an administrator, and by nobody else', async () => {
    const { channel } = await webhook(ann);
    const dead = await tested(ann, channel.id, 'DELIVERED');
    const target = { id: channel.id, expectedRevision: 1 };
    const forbidden = { __typename: 'ForbiddenError', message: 'expected a notification channel of bob, got one of ann' };
    expect(await ask(bob, UPDATE, { ...target, enabled: false })).toMatchObject(forbidden);
    expect(await ask(bob, DELETE, target)).toMatchObject(forbidden);
    expect(await ask(bob, ROTATE, target)).toMatchObject(forbidden);
    expect(await ask(bob, TEST, { id: channel.id })).toMatchObject(forbidden);
    expect(await ask(bob, REPLAY, { ids: [dead.id] })).toMatchObject({ __typename: 'NotFoundError' });
    expect((await tell(ann, READ, { id: channel.id })).notificationChannel).toMatchObject({ revision: 1, enabled: true });
    expect((await tell(admin, READ, { id: channel.id })).notificationChannel.settings).toMatchObject({ __typename: 'WebhookSettings' });
    expect(await ask(admin, UPDATE, { ...target, enabled: false })).toMatchObject({ channel: { enabled: false, owner: 'ann' } });
    expect((await auditOf(channel.id)).map((entry) => (entry as unknown as { action: string }).action)).toEqual([
      'CHANNEL_CREATED',
      'CHANNEL_TESTED',
      'CHANNEL_UPDATED',
    ]);
  });
});

describe('settings', () => {
  const secrets = ['a-secret-path-of-slack', 'a-password-of-mail', 'a-token-of-sms', 'a-value-of-a-header'];

  it('of each kind are shown without their secrets, which are in no answer and no line of the log', async () => {
    const kinds = [
      [{ log: true }, 'LOG', { __typename: 'LogSettings' }],
      [{ webSocket: true }, 'WEBSOCKET', { __typename: 'WebSocketSettings' }],
      [{ slack: { url: `https://hooks.example.com/${secrets[0]}` } }, 'SLACK', { __typename: 'SlackSettings', kind: 'SLACK' }],
      [
        { email: { host: 'mail.example.com', username: 'desk', password: secrets[1], from: 'a@example.com', to: ['b@example.com'] } },
        'EMAIL',
        { host: 'mail.example.com', port: 587, security: 'STARTTLS', username: 'desk', from: 'a@example.com', to: ['b@example.com'] },
      ],
      [
        { sms: { accountSid: 'AC1', authToken: secrets[2], from: 'Desk', to: '+12025550123' } },
        'SMS',
        { baseUrl: 'https://api.twilio.com', accountSid: 'AC1', sender: 'Desk', reader: '+12025550123' },
      ],
      [
        { webhook: { url: 'https://example.com/hook', headers: [{ name: 'X-Key', value: secrets[3] }] } },
        'WEBHOOK',
        { url: 'https://example.com/hook', headerNames: ['X-Key'] },
      ],
    ] as const;
    for (const [settings, kind, shown] of kinds) {
      const { channel } = await ask(ann, CREATE, { name: nextName(), settings });
      expect(channel).toMatchObject({ kind, settings: shown });
      // A change of another thing leaves them as they are.
      const renamed = await ask(ann, UPDATE, { id: channel.id, expectedRevision: 1, name: nextName() });
      expect(renamed.channel).toMatchObject({ revision: 2, settings: shown });
    }
    await tell(admin, LIST);
    await tell(admin, AUDIT);
    const everything = JSON.stringify([answered, app.logs]);
    for (const secret of secrets) expect(everything).not.toContain(secret);
  });

  it.each([
    [{ log: false }, 'settings'],
    [{ webhook: { url: 'nonsense' } }, 'settings.webhook.url'],
    [{ webhook: { url: 'https://example.com/\u0000' } }, 'settings.webhook.url'],
    [
      {
        webhook: {
          url: 'https://example.com',
          headers: [
            { name: 'X-A', value: '1' },
            { name: 'x-a', value: '2' },
          ],
        },
      },
      'settings.webhook.headers.1',
    ],
    [{ slack: {} }, 'settings.slack.url'],
    [{ email: { host: 'mail.example.com', from: 'a@example.com', to: [] } }, 'settings.email.to'],
    [
      {
        email: {
          host: 'mail.example.com',
          from: 'a@example.com',
          to: ['b@example.com'],
          certificateAuthority: '-----BEGIN CERTIFICATE-----\u0000',
        },
      },
      'settings.email.certificateAuthority',
    ],
    [{ sms: { accountSid: 'AC1', authToken: 'x', from: 'Desk', to: '12' } }, 'settings.sms.to'],
  ])('that cannot be accepted are told where they were written: %j', async (settings, path) => {
    const result = await ask(ann, CREATE, { name: nextName(), settings });
    expect(result.__typename).toBe('ValidationError');
    expect(result.issues.map((issue: { path: string }) => issue.path)).toEqual([path]);
  });

  it('are exactly one', async () => {
    for (const settings of [{}, { log: true, webSocket: true }, { log: null }]) {
      const { errors } = await askAs(app, ann, CREATE, { input: { name: nextName(), settings } });
      expect(errors).toHaveLength(1);
    }
  });

  it('keep their kind, and a change that changes nothing is refused', async () => {
    const { channel } = await webhook(ann);
    expect(await ask(ann, UPDATE, { id: channel.id, expectedRevision: 1, settings: { log: true } })).toMatchObject({
      issues: [{ path: 'settings', message: 'expected WEBHOOK as it was, got LOG' }],
    });
    expect(await ask(ann, UPDATE, { id: channel.id, expectedRevision: 1 })).toMatchObject({ __typename: 'ValidationError' });
    const limited = await ask(ann, UPDATE, { id: channel.id, expectedRevision: 1, rateLimitPerMinute: 5, digestWindowMs: 1_000 });
    expect(limited.channel).toMatchObject({ rateLimitPerMinute: 5, digestWindowMs: 1_000 });
    const unlimited = await ask(ann, UPDATE, { id: channel.id, expectedRevision: 2, rateLimitPerMinute: null });
    expect(unlimited.channel).toMatchObject({ rateLimitPerMinute: null, digestWindowMs: 1_000 });
  });
});

it('a replay is of 1 to 100 notifications that are there', async () => {
  const ids = Array.from({ length: 101 }, (_, index) => globalId(`01900000-0000-7000-8000-${String(index).padStart(12, '0')}`));
  expect(await ask(ann, REPLAY, { ids: [] })).toMatchObject({ __typename: 'ValidationError' });
  expect(await ask(ann, REPLAY, { ids })).toMatchObject({ __typename: 'LimitExceededError' });
  expect(await ask(ann, REPLAY, { ids: ids.slice(0, 100) })).toMatchObject({ __typename: 'NotFoundError' });
});

function globalId(id: string): string {
  return Buffer.from(`Notification:${id}`).toString('base64');
}
