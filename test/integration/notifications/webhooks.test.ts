import { Webhook } from 'standardwebhooks';
import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { aNotificationDraft, type NotificationProcess, startNotificationProcess } from '../../support/a-notification-process.ts';
import { type HttpReceiver, startHttpReceiver } from '../../support/http-receiver.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

let database: TestDatabase;
let one: NotificationProcess;
let receiver: HttpReceiver;

beforeEach(async () => {
  database = await createTestDatabase();
  receiver = await startHttpReceiver();
  one = await startNotificationProcess({ databaseUrl: database.url });
});

afterEach(async () => {
  await one.close();
  await receiver.close();
  await database.drop();
});

const stateOf = async (id: string) => (await one.notification(id)).state;
const becomes = (id: string, state: string) => vi.waitFor(async () => expect(await stateOf(id)).toBe(state), { interval: 10 });

describe('a webhook', () => {
  it('is signed as Standard Webhooks says, under the id of the notification', async () => {
    const { channel, newSigningSecret } = await one.channel({
      kind: 'WEBHOOK',
      url: `${receiver.origin}/hook`,
      headers: { 'X-Team': 'desk' },
    });
    const [draft] = await one.tell(channel.id);
    await becomes(draft!.id, 'DELIVERED');
    const [request] = receiver.received;
    const verified = new Webhook(newSigningSecret!).verify(request!.body, request!.headers as Record<string, string>);
    expect(verified).toMatchObject({
      type: 'alert.fired',
      data: { notificationId: draft!.id, alertId: draft!.alertId, subject: 'subject 0', severity: 'WARNING' },
    });
    expect(request!.headers).toMatchObject({
      'webhook-id': draft!.id,
      'x-team': 'desk',
      'content-type': 'application/json; charset=utf-8',
    });
    const [attempt] = await one.notifications.attempts([draft!.id]);
    expect(attempt).toMatchObject({ number: 1, outcome: 'DELIVERED', status: 204, notifications: 1, error: null });
  });

  it('is signed by the old and the new secret while they change', async () => {
    const made = await one.channel({ kind: 'WEBHOOK', url: `${receiver.origin}/hook` });
    const rotated = await one.channels.rotateSigningSecret(made.channel.id, 1, 60_000);
    const [draft] = await one.tell(made.channel.id);
    await becomes(draft!.id, 'DELIVERED');
    const [{ body, headers }] = receiver.received as [(typeof receiver.received)[0]];
    for (const secret of [made.newSigningSecret!, rotated.newSigningSecret!]) {
      expect(() => new Webhook(secret).verify(body, headers as Record<string, string>)).not.toThrow();
    }
    await one.channels.rotateSigningSecret(made.channel.id, 2, 0);
    const [again] = await one.tell(made.channel.id);
    await becomes(again!.id, 'DELIVERED');
    const last = receiver.received.at(-1)!;
    expect(() => new Webhook(made.newSigningSecret!).verify(last.body, last.headers as Record<string, string>)).not.toThrow();
    expect(() => new Webhook(rotated.newSigningSecret!).verify(last.body, last.headers as Record<string, string>)).toThrow(
      'No matching signature',
    );
  });

  it('is not signed by a secret that was taken back before it came', async () => {
    const { channel } = await one.channel({ kind: 'WEBHOOK', url: `${receiver.origin}/hook` });
    const [first] = await one.tell(channel.id);
    await becomes(first!.id, 'DELIVERED');
    const { sql } = one.database;
    const holder = await sql.reserve();
    const holdOneTooOld = async () => {
      const tooOld = { id: uuidv7(), state: 'QUEUED', queued_at: new Date(Date.now() - 7_200_000).toISOString() };
      await sql`insert into notifications select (jsonb_populate_record(told, ${JSON.stringify(tooOld)}::text::jsonb)).* from notifications as told where id = ${first!.id}`;
      await holder`begin`;
      const [held] = await holder<{ state: string }[]>`select state from notifications where id = ${tooOld.id} for update`;
      if (held!.state !== 'QUEUED') await holder`rollback`;
      return held!.state === 'QUEUED';
    };
    // The turn that sent the first may not be over yet, and give it up before it is held.
    while (!(await holdOneTooOld()));
    // Whose turn it is knows the channel by now, and waits to give up the one that is too old.
    await one.tell(channel.id);
    await vi.waitUntil(async () => {
      const [waiting] =
        await sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%update notifications set state%'`;
      return waiting !== undefined;
    });
    const { newSigningSecret } = await one.channels.rotateSigningSecret(channel.id, 1, 0);
    const [draft] = await one.tell(channel.id);
    await holder`rollback`;
    holder.release();
    await becomes(draft!.id, 'DELIVERED');
    const { body, headers } = receiver.received.find((request) => request.headers['webhook-id'] === draft!.id)!;
    expect(() => new Webhook(newSigningSecret!).verify(body, headers as Record<string, string>)).not.toThrow();
  });

  it('is tried again after 500, 408, 425 and 429, with the same id and body, and is delivered', async () => {
    const statuses = [500, 408, 425];
    receiver.answerWith((_request, before) => ({ status: statuses[before] ?? 200, body: before < 3 ? 'not now' : 'ok' }));
    const { channel } = await one.channel({ kind: 'WEBHOOK', url: `${receiver.origin}/hook` });
    const [draft] = await one.tell(channel.id);
    await becomes(draft!.id, 'DELIVERED');
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([draft!.id]));
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
    const attempts = await one.notifications.attempts([draft!.id]);
    expect(attempts.map(({ number, status, outcome, responseExcerpt }) => [number, status, outcome, responseExcerpt])).toEqual([
      [1, 500, 'SERVER_ERROR', 'not now'],
      [2, 408, 'SERVER_ERROR', 'not now'],
      [3, 425, 'SERVER_ERROR', 'not now'],
      [4, 200, 'DELIVERED', 'ok'],
    ]);
    expect(await one.metric('strikewire_notification_attempts_total', { kind: 'WEBHOOK', outcome: 'SERVER_ERROR' })).toBe(3);
  });

  it('is left alone for as long as Retry-After says, and so is everything else for the channel', async () => {
    receiver.answerWith((_request, before) => (before === 0 ? { status: 429, headers: { 'retry-after': '1' } } : { status: 200 }));
    const { channel } = await one.channel({ kind: 'WEBHOOK', url: `${receiver.origin}/hook` });
    const [first] = await one.tell(channel.id);
    await vi.waitFor(async () => expect((await one.notification(first!.id)).attempts).toBe(1));
    const [second] = await one.tell(channel.id);
    await becomes(first!.id, 'DELIVERED');
    await becomes(second!.id, 'DELIVERED');
    const [refused, ...accepted] = receiver.received;
    for (const { atMs } of accepted) expect(atMs - refused!.atMs).toBeGreaterThanOrEqual(950);
    expect((await one.notifications.attempts([first!.id]))[0]).toMatchObject({ outcome: 'RATE_LIMITED', status: 429 });
  });

  it('is given up after another refusal, and when the budget is spent', async () => {
    receiver.answerWith(({ path }) => ({ status: path === '/refuses' ? 422 : 503 }));
    const refusing = await one.channel({ kind: 'WEBHOOK', url: `${receiver.origin}/refuses` });
    const failing = await one.channel({ kind: 'WEBHOOK', url: `${receiver.origin}/fails` });
    const [refused] = await one.tell(refusing.channel.id);
    const [failed] = await one.tell(failing.channel.id);
    await becomes(refused!.id, 'DEAD');
    await becomes(failed!.id, 'DEAD');
    expect((await one.notification(refused!.id)).reason).toContain('REJECTED: expected an HTTP status of 200 to 299, got 422');
    expect((await one.notification(failed!.id)).reason).toContain('given up after 4 attempts');
    expect(receiver.received.filter(({ path }) => path === '/refuses')).toHaveLength(1);
    expect(receiver.received.filter(({ path }) => path === '/fails')).toHaveLength(4);
    // Counted when it is stored.
    await vi.waitFor(async () => expect(await one.metric('strikewire_notification_dead_letters_total', { kind: 'WEBHOOK' })).toBe(2));
  });

  it('is sent again by a replay, with the id it had', async () => {
    receiver.answerWith((_request, before) => ({ status: before === 0 ? 400 : 200 }));
    const { channel } = await one.channel({ kind: 'WEBHOOK', url: `${receiver.origin}/hook` });
    const [draft] = await one.tell(channel.id);
    await becomes(draft!.id, 'DEAD');
    await one.notifications.replay([draft!.id]);
    await becomes(draft!.id, 'DELIVERED');
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([draft!.id, draft!.id]);
    expect((await one.notifications.attempts([draft!.id])).map(({ number }) => number)).toEqual([1, 2]);
    await expect(one.notifications.replay(['01900000-0000-7000-8000-000000000001'])).rejects.toThrow('expected the id of a notification');
  });

  it('whose endpoint is gone disables its channel, and skips what waits', async () => {
    receiver.answerWith(() => ({ status: 410 }));
    const { channel } = await one.channel({ kind: 'WEBHOOK', url: `${receiver.origin}/hook` });
    const [draft] = await one.tell(channel.id);
    await becomes(draft!.id, 'DEAD');
    await vi.waitFor(async () => {
      const [disabled] = await one.channels.byIds([channel.id]);
      expect(disabled).toMatchObject({ enabled: false, disabledReason: 'the endpoint says that it is gone (410)', revision: 2 });
    });
    const [later] = await one.tell(channel.id);
    expect(await one.notification(later!.id)).toMatchObject({ state: 'SKIPPED', reason: 'the channel is disabled' });
    await one.channels.update(channel.id, 2, { enabled: true });
    expect((await one.channels.byIds([channel.id]))[0]).toMatchObject({ enabled: true, disabledReason: null });
  });

  it('that gets no answer, or no connection, is tried again', async () => {
    receiver.answerWith((_request, before) => (before === 0 ? 'never' : { status: 200 }));
    const { channel } = await one.channel({ kind: 'WEBHOOK', url: `${receiver.origin}/hook` });
    const dead = await one.channel({ kind: 'WEBHOOK', url: 'http://127.0.0.1:1/hook' });
    const [slow] = await one.tell(channel.id);
    const [lost] = await one.tell(dead.channel.id);
    await becomes(slow!.id, 'DELIVERED');
    await becomes(lost!.id, 'DEAD');
    expect((await one.notifications.attempts([slow!.id])).map(({ outcome }) => outcome)).toEqual(['TIMEOUT', 'DELIVERED']);
    expect((await one.notifications.attempts([lost!.id])).map(({ outcome }) => outcome)).toEqual(Array(4).fill('UNREACHABLE'));
  });

  it('is stored once, however often it is handed over', async () => {
    const { channel } = await one.channel({ kind: 'WEBHOOK', url: `${receiver.origin}/hook` });
    const [draft] = await one.tell(channel.id);
    await becomes(draft!.id, 'DELIVERED');
    await one.database.sql.begin((transaction) => one.notifications.notify(transaction, [draft!]));
    const [after] = await one.tell(channel.id);
    await becomes(after!.id, 'DELIVERED');
    expect(receiver.received).toHaveLength(2);
  });

  it('of a transaction that is rolled back is never sent', async () => {
    const { channel } = await one.channel({ kind: 'WEBHOOK', url: `${receiver.origin}/hook` });
    await expect(
      one.database.sql.begin(async (transaction) => {
        await one.notifications.notify(transaction, [aNotificationDraft({ channelId: channel.id })]);
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    const [draft] = await one.tell(channel.id);
    await becomes(draft!.id, 'DELIVERED');
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([draft!.id]);
  });
});
