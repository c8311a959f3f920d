import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { AlertChangeDraft } from '../../../src/domain/alerts/alert-change.ts';
import { notificationIdOf } from '../../../src/services/notifications/notification-id.ts';
import { type NotificationProcess, startNotificationProcess, TEST_SECRETS_KEY } from '../../support/a-notification-process.ts';
import { type Episode, liveFirings, replayedFirings } from '../../support/alert-firings.ts';
import { type HttpReceiver, startHttpReceiver } from '../../support/http-receiver.ts';
import { LOCALHOST_CERTIFICATE } from '../../support/localhost-certificate.ts';
import { type SmtpReceiver, startSmtpReceiver } from '../../support/smtp-receiver.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

const SERVER = fileURLToPath(new URL('../../support/alert-server-process.ts', import.meta.url));
const KILLS = 3;

let database: TestDatabase;
let prices: HttpReceiver;
let receiver: HttpReceiver;
let mails: SmtpReceiver;
/** Makes channels and reads what was stored; sends nothing. */
let teller: NotificationProcess;
let server: ChildProcess | null = null;
let origin = '';
let scans = 0;

beforeEach(async () => {
  database = await createTestDatabase();
  [prices, receiver, mails, teller] = await Promise.all([
    startHttpReceiver(),
    startHttpReceiver(),
    startSmtpReceiver(),
    startNotificationProcess({ databaseUrl: database.url, maximumChannels: 0 }),
  ]);
  const firstMs = Date.now();
  prices.answerWith(() => {
    scans++;
    return {
      status: 200,
      body: JSON.stringify({ spot: scans % 2 === 0 ? 106 : 100 + (scans % 7) / 10, quotedAtMs: firstMs + scans * 1_000 }),
    };
  });
});

afterEach(async () => {
  await kill();
  await Promise.all([teller.close(), prices.close(), receiver.close(), mails.close()]);
  await database.drop();
});

async function start(): Promise<void> {
  const env = {
    ...process.env,
    SERVER_DATABASE_URL: database.url,
    PRICE_URL: `${prices.origin}/price`,
    SECRETS_KEY: TEST_SECRETS_KEY,
    NOTIFICATIONS_ALLOWED_ADDRESSES: '127.0.0.0/8,::1',
    NOTIFICATIONS_ALLOW_INSECURE: 'true',
    NOTIFICATIONS_FIRST_RETRY_MS: '100',
    NOTIFICATIONS_TIMEOUT_MS: '2000',
  };
  const started = spawn(process.execPath, ['--import', 'tsx', SERVER], { env, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  server = started;
  let output = '';
  origin = await new Promise((resolve, reject) => {
    started.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
    started.stdout!.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const address = /serving (\S+)\n/.exec(output)?.[1];
      if (address) resolve(address);
    });
  });
}

async function kill(): Promise<void> {
  const dying = server;
  server = null;
  if (!dying || dying.exitCode !== null || dying.signalCode !== null) return;
  dying.removeAllListeners('exit');
  const gone = new Promise((resolve) => dying.once('exit', resolve));
  dying.kill('SIGKILL');
  await gone;
}

async function ask(query: string, variables: Record<string, unknown> = {}) {
  const response = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: answers of any shape
  return (await response.json()) as any;
}

async function scan(): Promise<void> {
  const { data } = await ask('mutation { scanRequest(input: { symbols: ["AAA"] }) { ... on ScanRequestPayload { scanRun { id } } } }');
  const { id } = data.scanRequest.scanRun;
  const state = async () => (await ask('query ($id: ID!) { scanRun(id: $id) { state } }', { id })).data.scanRun.state;
  await vi.waitFor(async () => expect(await state()).toBe('COMPLETED'), { interval: 20 });
}

const CREATE =
  'mutation ($rule: AlertRuleInput!) { alertRuleCreate(input: { rule: $rule }) { ... on AlertRulePayload { rule { id } } ... on ValidationError { issues { path message } } } }';

async function createRules(): Promise<string[]> {
  const webhook = await teller.channel({ kind: 'WEBHOOK', url: `${receiver.origin}/hook` });
  const email = await teller.channel({
    kind: 'EMAIL',
    host: 'localhost',
    port: mails.port,
    security: 'STARTTLS',
    username: 'desk',
    password: 'swordfish-9',
    from: 'strikewire@example.com',
    to: ['trader@example.com'],
    certificateAuthority: LOCALHOST_CERTIFICATE,
  });
  const channelIds = [webhook, email].map(({ channel }) => Buffer.from(`NotificationChannel:${channel.id}`).toString('base64'));
  const source = { of: 'UNDERLYING', subject: 'AAA', metric: 'price' };
  const ids = [];
  for (const rule of [
    { name: 'high', condition: { threshold: { source, direction: 'ABOVE', fireAt: 105 } } },
    {
      name: 'move',
      condition: { change: { source, windowMs: 600_000, measure: 'RELATIVE', direction: 'UP', fireAt: 0.055, clearAt: 0.02 } },
    },
    { name: 'kept', condition: { threshold: { source, direction: 'ABOVE', fireAt: 105 } }, keepFiringMs: 600 },
    { name: 'match', condition: { match: { criteria: {}, holdMs: 1_000 } }, groupBy: ['strategy'], throttleMs: 2_000 },
    { name: 'screen', condition: { enterExit: { criteria: {}, on: 'ENTER' } }, groupBy: ['strategy'], throttleMs: 2_000 },
  ]) {
    const { data } = await ask(CREATE, { rule: { throttleMs: 0, channelIds, ...rule } });
    expect(data.alertRuleCreate).toHaveProperty('rule');
    ids.push(data.alertRuleCreate.rule.id as string);
  }
  return ids;
}

/** Ids of the notifications that the stored changes of alerts lead to. */
async function wantedIds(): Promise<string[]> {
  const rows = await teller.database.sql<{ change: AlertChangeDraft }[]>`select change from alert_changes order by sequence`;
  return rows.flatMap(({ change }) => change.channelIds.map((channelId) => notificationIdOf(change.id, channelId))).toSorted();
}

/** A row that is stored later than the evaluator allows for counts from when time had come to: that much is no difference. */
const LATE_MS = 1_000;

function isSame(replayed: Episode, live: Episode): boolean {
  const isNear = (left: string | null, right: string | null) =>
    left === null || right === null ? left === right : Math.abs(Date.parse(left) - Date.parse(right)) <= LATE_MS;
  return isNear(replayed.firedAt, live.firedAt) && isNear(replayed.resolvedAt, live.resolvedAt);
}

it('every alert is told at least once, under its own id, and every event has its effect once, when the server is killed in the middle', {
  timeout: 600_000,
}, async () => {
  const from = new Date(Date.now() - 1_000);
  await start();
  const ruleIds = await createRules();
  let sinceKill = 0;
  let reached = () => {};
  receiver.answerWith(() => {
    sinceKill++;
    if (sinceKill !== 6) return { status: 204 };
    // Killed before it hears the answer.
    reached();
    return 'never';
  });
  for (let round = 0; round < KILLS; round++) {
    sinceKill = 0;
    let isReached = false;
    reached = () => {
      isReached = true;
    };
    // What was read before the kill and what comes afterwards: the evaluator may be anywhere.
    while (!isReached) await scan();
    await kill();
    await start();
  }
  sinceKill = Number.NaN;
  for (let left = 0; left < 6; left++) await scan();
  const app = { ask, webSocketUrl: `${origin.replace('http', 'ws')}/graphql` };
  for (const ruleId of ruleIds) {
    await vi.waitFor(
      async () => {
        const live = await liveFirings(app, ruleId);
        expect(live.length).toBeGreaterThan(0);
        const replayed = await replayedFirings(app, { ruleId, range: { from } });
        expect(replayed.map(({ series }) => series)).toEqual(live.map(({ series }) => series));
        expect(replayed.filter((firing, index) => !isSame(firing, live[index]!))).toEqual([]);
      },
      { timeout: 100_000, interval: 500 },
    );
  }
  await vi.waitFor(
    async () => {
      const wanted = await wantedIds();
      const found = await teller.notifications.byIds(wanted);
      expect(found.map(({ id }) => id).toSorted()).toEqual(wanted);
      expect(found.filter(({ state }) => state !== 'DELIVERED')).toEqual([]);
    },
    { timeout: 100_000, interval: 500 },
  );
  const wanted = await wantedIds();
  const overHttp = receiver.received.map(({ headers }) => headers['webhook-id'] as string);
  const overMail = mails.mails.map(({ text }) => /Message-ID: <(\S+)@example\.com>/.exec(text)![1]!);
  expect([...new Set([...overHttp, ...overMail])].toSorted()).toEqual(wanted);
  // What was under way at a kill has come again: the same id, twice.
  expect(overHttp.length).toBeGreaterThanOrEqual(new Set(overHttp).size + KILLS);
});
