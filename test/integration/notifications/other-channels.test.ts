import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type NotificationProcess, startNotificationProcess } from '../../support/a-notification-process.ts';
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

const becomes = (id: string, state: string) =>
  vi.waitFor(async () => expect((await one.notification(id)).state).toBe(state), { interval: 10 });

describe('a notification', () => {
  it('goes to Slack as text and blocks', async () => {
    receiver.answerWith(() => ({ status: 200, body: 'ok' }));
    const { channel } = await one.channel({ kind: 'SLACK', url: `${receiver.origin}/services/T000/B000/abcdefgh` });
    const [draft] = await one.tell(channel.id);
    await becomes(draft!.id, 'DELIVERED');
    expect(receiver.received[0]!.path).toBe('/services/T000/B000/abcdefgh');
    expect(JSON.parse(receiver.received[0]!.body)).toEqual({
      text: 'subject 0\nIt is 31.4 %.',
      blocks: [
        { type: 'section', text: { type: 'mrkdwn', text: '*subject 0*' } },
        { type: 'section', text: { type: 'mrkdwn', text: 'It is 31.4 %.' } },
      ],
      unfurl_links: false,
    });
  });

  it('goes to a phone as Twilio takes it', async () => {
    receiver.answerWith((_request, before) => (before === 0 ? { status: 503 } : { status: 201, body: '{"sid":"SM1"}' }));
    const { channel } = await one.channel({
      kind: 'SMS',
      baseUrl: receiver.origin,
      accountSid: 'AC123',
      authToken: 'tok-0123456789',
      from: '+12025550100',
      to: '+12025550123',
    });
    const [draft] = await one.tell(channel.id);
    await becomes(draft!.id, 'DELIVERED');
    const request = receiver.received.at(-1)!;
    expect(request.path).toBe('/2010-04-01/Accounts/AC123/Messages.json');
    expect(request.headers.authorization).toBe(`Basic ${Buffer.from('AC123:tok-0123456789').toString('base64')}`);
    expect(Object.fromEntries(new URLSearchParams(request.body))).toEqual({
      From: '+12025550100',
      To: '+12025550123',
      Body: 'subject 0\nIt is 31.4 %.',
    });
  });

  it('goes to the log as a line', async () => {
    const { channel } = await one.channel({ kind: 'LOG' });
    const [draft] = await one.tell(channel.id);
    await becomes(draft!.id, 'DELIVERED');
    expect(one.logs.find(({ msg }) => msg === 'alert notification')).toMatchObject({
      notificationId: draft!.id,
      channelId: channel.id,
      subject: 'subject 0',
    });
  });

  it('of the subscription of alerts is delivered with the transaction that stores it', async () => {
    const { channel } = await one.channel({ kind: 'WEBSOCKET' });
    const [draft] = await one.tell(channel.id);
    expect(await one.notification(draft!.id)).toMatchObject({ state: 'DELIVERED', deliveryId: draft!.id, nextAttemptAtMs: null });
  });

  it('for a channel that is not there is skipped, and says why', async () => {
    const { channel } = await one.channel({ kind: 'LOG' });
    const [lost] = await one.tell('01900000-0000-7000-8000-000000000001');
    await one.channels.delete(channel.id, 1);
    const [late] = await one.tell(channel.id);
    expect(await one.notification(lost!.id)).toMatchObject({ state: 'SKIPPED', reason: 'there is no such channel' });
    expect(await one.notification(late!.id)).toMatchObject({ state: 'SKIPPED', reason: 'there is no such channel' });
  });

  it('can be a test of a channel', async () => {
    const { channel } = await one.channel({ kind: 'WEBHOOK', url: `${receiver.origin}/hook` }, { digestWindowMs: 60_000 });
    const { id } = await one.notifications.test(channel.id);
    await becomes(id, 'DELIVERED');
    expect(JSON.parse(receiver.received[0]!.body)).toMatchObject({ type: 'alert.test', data: { isTest: true, notificationId: id } });
  });
});
