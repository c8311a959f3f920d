import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { AlertChangeDraft } from '../../../src/domain/alerts/alert-change.ts';
import { createDecodeWorker, type DecodeWorker } from '../../../src/services/market-data/decode/decode-worker.ts';
import { createReplayFeed } from '../../../src/services/market-data/replay/replay-feed.ts';
import { notificationIdOf } from '../../../src/services/notifications/notification-id.ts';
import { type NotificationProcess, startNotificationProcess, TEST_SECRETS_KEY } from '../../support/a-notification-process.ts';
import { type HttpReceiver, startHttpReceiver } from '../../support/http-receiver.ts';
import { LOCALHOST_CERTIFICATE } from '../../support/localhost-certificate.ts';
import { scanAndWait } from '../../support/scan-and-wait.ts';
import { type SmtpReceiver, startSmtpReceiver } from '../../support/smtp-receiver.ts';
import { startTestApp, type TestApp } from '../../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

/** GOOG on 2015-12-24, a chain every five minutes. */
const RECORDING = fileURLToPath(
  new URL('../../../../shared/data/chains/goog-2015-12-24/goog_20151224_chain_5min_ffill.csv.gz', import.meta.url),
);
const isThere = existsSync(RECORDING);
if (!isThere) console.warn(`skipped: alerts of every kind over the recorded day of GOOG, which is not at ${RECORDING}`);
const CHAINS = 42;

const price = { of: 'UNDERLYING', subject: 'GOOG', metric: 'price' };
/**
 * One of each kind, with levels that the prices of the day go beyond and come back from. What counts for a time only lasts long enough for somebody to attend to
 * it on a busy machine.
 */
const RULES = [
  { name: 'Silent', condition: { absence: { source: price, afterMs: 2_000 } } },
  { name: 'Low', condition: { threshold: { source: price, direction: 'BELOW', fireAt: 747.5, clearAt: 748.5 } } },
  {
    name: 'Rally',
    condition: { change: { source: price, windowMs: 3_600_000, measure: 'ABSOLUTE', direction: 'UP', fireAt: 3, clearAt: 2.5 } },
  },
  { name: 'Odd', condition: { anomaly: { source: price, samples: 15, minimumSamples: 5, fireAt: 3, clearAt: 0.7 } } },
  { name: 'Match', condition: { match: { criteria: { score: { min: 50 } }, holdMs: 10_000 } }, groupBy: [], throttleMs: 500 },
  { name: 'Entered', condition: { enterExit: { criteria: { strategies: { in: ['IRON_CONDOR'] } }, on: 'ENTER' } } },
  { name: 'Left', condition: { enterExit: { criteria: { strategies: { in: ['IRON_CONDOR'] } }, on: 'EXIT', holdMs: 10_000 } } },
];

let database: TestDatabase;
let receiver: HttpReceiver;
let mails: SmtpReceiver;
let decodeWorker: DecodeWorker;
let app: TestApp;
/** Reads what was stored; sends nothing. */
let teller: NotificationProcess;

beforeAll(async () => {
  if (!isThere) return;
  database = await createTestDatabase();
  [receiver, mails, teller] = await Promise.all([
    startHttpReceiver(),
    startSmtpReceiver(),
    startNotificationProcess({ databaseUrl: database.url, maximumChannels: 0 }),
  ]);
  decodeWorker = createDecodeWorker();
  app = await startTestApp({
    databaseUrl: database.url,
    feed: createReplayFeed({ path: RECORDING, speed: 'step', loop: false, clock: () => 0, decodeWorker }),
    env: {
      STREAM_POLL_INTERVAL_MS: '50',
      NOTIFICATIONS_POLL_INTERVAL_MS: '50',
      SECRETS_KEY: TEST_SECRETS_KEY,
      NOTIFICATIONS_ALLOWED_ADDRESSES: '127.0.0.0/8,::1',
      NOTIFICATIONS_ALLOW_INSECURE: 'true',
    },
  });
  await vi.waitUntil(() => app.logs.some(({ msg }) => msg === 'alert rules are evaluated here'));
});

afterAll(async () => {
  if (!isThere) return;
  await app.stop();
  await Promise.all([teller.close(), receiver.close(), mails.close(), decodeWorker.stop()]);
  await database.drop();
});

/** What a mutation answers with: its type and what is asked for. */
async function act(field: string, input: object, selection = '') {
  const type = `${field[0]!.toUpperCase()}${field.slice(1)}Input`;
  const failed = '... on Error { message } ... on ValidationError { issues { path message } }';
  const query = `mutation ($input: ${type}!) { ${field}(input: $input) { __typename ${selection} ${failed} } }`;
  const { data, errors } = await app.ask(query, { input });
  expect(errors).toBeUndefined();
  return data[field];
}

async function channel(name: string, settings: object): Promise<{ readonly id: string; readonly signingSecret: string }> {
  const selection = '... on NotificationChannelCreatePayload { channel { id } signingSecret }';
  const made = await act('notificationChannelCreate', { name, settings }, selection);
  expect(made).toMatchObject({ __typename: 'NotificationChannelCreatePayload' });
  return { id: made.channel.id, signingSecret: made.signingSecret };
}

interface SeenAlert {
  readonly id: string;
  readonly ruleName: string;
  readonly kind: string;
  readonly status: string;
  readonly resolveReason: string | null;
  readonly history: readonly { readonly kind: string; readonly actor: string | null; readonly notify: string | null }[];
}

const SEEN = 'id ruleName kind status resolveReason history { kind actor notify }';

async function firing(): Promise<SeenAlert[]> {
  const { data } = await app.ask(`{ alerts(first: 200, filter: { statuses: [FIRING] }) { edges { node { ${SEEN} } } } }`);
  return data.alerts.edges.map(({ node }: { node: SeenAlert }) => node);
}

async function read(id: string): Promise<SeenAlert> {
  return (await app.ask(`query ($id: ID!) { alert(id: $id) { ${SEEN} } }`, { id })).data.alert;
}

/** Waits until nobody has acknowledged the alert for so long that it escalates, then does. False: it was over before. */
async function attend({ id }: SeenAlert): Promise<boolean> {
  await vi.waitUntil(async () => (await read(id)).history.some(({ kind }) => kind === 'ESCALATED' || kind === 'RESOLVED'));
  const { __typename } = await act('alertAcknowledge', { id, comment: 'on it' });
  return __typename === 'AlertPayload';
}

/** Ids of the notifications that the stored changes of alerts lead to, and which channel each is for. */
async function wantedIds(): Promise<Map<string, string>> {
  const rows = await teller.database.sql<{ change: AlertChangeDraft }[]>`select change from alert_changes order by sequence`;
  return new Map(rows.flatMap(({ change }) => change.channelIds.map((id) => [notificationIdOf(change.id, id), id] as const)));
}

describe.skipIf(!isThere)('alerts of every kind over a recorded day of GOOG', () => {
  it('fire, escalate, are acknowledged and end, and each of that arrives where it is to be told', { timeout: 600_000 }, async () => {
    const desk = await channel('Desk', { webhook: { url: `${receiver.origin}/desk` } });
    const boss = await channel('Boss', { webhook: { url: `${receiver.origin}/boss` } });
    const mail = await channel('Mail', {
      email: {
        host: 'localhost',
        port: mails.port,
        security: 'STARTTLS',
        username: 'desk',
        password: 'swordfish-9',
        from: 'strikewire@example.com',
        to: ['trader@example.com'],
        certificateAuthority: LOCALHOST_CERTIFICATE,
      },
    });
    const { policy } = await act(
      'escalationPolicyCreate',
      { policy: { name: 'Up', steps: [{ delayMs: 100, channelIds: [boss.id] }] } },
      '... on EscalationPolicyPayload { policy { id } }',
    );
    const rules: { readonly id: string; readonly revision: number }[] = [];
    for (const rule of RULES) {
      const whole = { throttleMs: 0, channelIds: [desk.id, mail.id], escalationPolicyId: policy.id, ...rule };
      const made = await act('alertRuleCreate', { rule: whole }, '... on AlertRulePayload { rule { id revision } }');
      expect(made).toMatchObject({ __typename: 'AlertRulePayload' });
      rules.push(made.rule);
    }

    /** By rule, the alert that somebody has taken over. */
    const attended = new Map<string, string>();
    async function attendToNew(): Promise<void> {
      for (const alert of await firing()) {
        if (!attended.has(alert.ruleName) && (await attend(alert))) attended.set(alert.ruleName, alert.id);
      }
    }
    // Before the first chain there is nothing to hear.
    await vi.waitFor(async () => {
      await attendToNew();
      expect([...attended.keys()]).toEqual(['Silent']);
    });
    for (let chain = 0; chain < CHAINS; chain++) {
      await scanAndWait(app, ['GOOG']);
      await attendToNew();
    }
    await vi.waitFor(async () => {
      await attendToNew();
      expect([...attended.keys()].toSorted()).toEqual(RULES.map(({ name }) => name).toSorted());
    });

    const lives = await vi.waitFor(async () => {
      const alerts = await Promise.all([...attended.values()].map(read));
      // What the rule throttles is told a little later.
      const isToldToBeOver = ({ history }: SeenAlert) => history.some(({ notify }) => notify === 'RESOLVED');
      expect(alerts.filter((alert) => alert.status !== 'RESOLVED' || !isToldToBeOver(alert))).toEqual([]);
      return alerts;
    });
    for (const { ruleName, resolveReason, history } of lives) {
      expect({ ruleName, resolveReason }).toEqual({ ruleName, resolveReason: 'CONDITION_ENDED' });
      expect(history[0]).toEqual({ kind: 'FIRED', actor: null, notify: 'FIRED' });
      expect(history.find(({ kind }) => kind === 'ACKNOWLEDGED')).toEqual({ kind: 'ACKNOWLEDGED', actor: 'local', notify: null });
      expect(history.flatMap(({ notify }) => notify ?? []).at(-1)).toBe('RESOLVED');
      // Once, and never after somebody has taken it over.
      const order = history.map(({ kind }) => kind).filter((kind) => kind !== 'UPDATED');
      expect({ ruleName, order }).toEqual({ ruleName, order: ['FIRED', 'ESCALATED', 'ACKNOWLEDGED', 'RESOLVED'] });
    }

    // Nothing fires any more: what there still is ends with its rule, and is told.
    for (const { id, revision } of rules) {
      expect(await act('alertRuleDelete', { id, expectedRevision: revision })).toMatchObject({ __typename: 'AlertRulePayload' });
    }
    await vi.waitFor(async () => {
      const { data } = await app.ask(
        '{ alerts(first: 3, filter: { statuses: [FIRING, ACKNOWLEDGED] }) { edges { node { ruleName status firedAt lastMetAt group { value } history { kind at } } } } }',
      );
      expect(data.alerts.edges).toEqual([]);
    });
    const arrived = () => {
      const overHttp = receiver.received.map(
        ({ headers, path }) => [headers['webhook-id'] as string, path === '/desk' ? desk.id : boss.id] as const,
      );
      const overMail = mails.mails.map(({ text }) => [/Message-ID: <(\S+)@example\.com>/.exec(text)![1]!, mail.id] as const);
      return new Map([...overHttp, ...overMail]);
    };
    const byId = (told: ReadonlyMap<string, string>) => [...told].toSorted(([left], [right]) => (left < right ? -1 : 1));
    const uuidOf = (globalId: string) => Buffer.from(globalId, 'base64').toString().split(':')[1]!;
    await vi.waitFor(
      async () => {
        const told = new Map([...arrived()].map(([id, channelId]) => [id, uuidOf(channelId)]));
        expect(byId(told)).toEqual(byId(await wantedIds()));
      },
      { interval: 250 },
    );
    for (const { path, headers, body } of receiver.received) {
      const { signingSecret } = path === '/desk' ? desk : boss;
      expect(() => new Webhook(signingSecret).verify(body, headers as Record<string, string>)).not.toThrow();
    }
    const kindsTold = (path: string) =>
      new Set(receiver.received.filter((one) => one.path === path).map(({ body }) => JSON.parse(body).type));
    expect([...kindsTold('/desk')].toSorted()).toEqual(expect.arrayContaining(['alert.fired', 'alert.resolved']));
    expect([...kindsTold('/boss')]).toEqual(['alert.escalated']);
    expect(mails.mails.every(({ encrypted }) => encrypted)).toBe(true);
    console.info(`alerts of the recorded day: ${receiver.received.length} webhooks, ${mails.mails.length} mails`);
  });
});
