import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type NotificationProcess,
  type NotificationProcessOptions,
  startNotificationProcess,
} from '../../support/a-notification-process.ts';
import { holdLock } from '../../support/hold-lock.ts';
import { type HttpReceiver, startHttpReceiver } from '../../support/http-receiver.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

let database: TestDatabase;
let processes: NotificationProcess[];
let receiver: HttpReceiver;

beforeEach(async () => {
  database = await createTestDatabase();
  receiver = await startHttpReceiver();
  processes = [];
});

afterEach(async () => {
  await Promise.all(processes.map((each) => each.close()));
  await receiver.close();
  await database.drop();
});

async function start(options: Partial<NotificationProcessOptions> = {}): Promise<NotificationProcess> {
  const started = await startNotificationProcess({ databaseUrl: database.url, ...options });
  processes.push(started);
  return started;
}

const hook = (name: string) => ({ kind: 'WEBHOOK' as const, url: `${receiver.origin}/${name}` });

async function delivered(one: NotificationProcess, ids: readonly string[]): Promise<void> {
  await vi.waitFor(async () => expect((await one.notifications.byIds(ids)).filter(({ state }) => state !== 'DELIVERED')).toEqual([]), {
    interval: 10,
  });
}

const idsOf = (drafts: readonly { id: string }[]) => drafts.map(({ id }) => id);

describe('channels', () => {
  it('do not wait for those whose receivers never answer', async () => {
    // Longer than anything else here is waited for.
    const one = await start({ timeoutMs: 110_000, connectTimeoutMs: 110_000 });
    receiver.answerWith(({ path }) => (path === '/silent' ? 'never' : { status: 200 }));
    const silent = await Promise.all(Array.from({ length: 10 }, () => one.channel(hook('silent'))));
    const dead = (await Promise.all(silent.map(({ channel }) => one.tell(channel.id, 5)))).flat();
    await vi.waitFor(() => expect(receiver.received.length).toBeGreaterThanOrEqual(10));
    const healthy = await one.channel(hook('healthy'));
    const drafts = await one.tell(healthy.channel.id, 20);
    await delivered(one, idsOf(drafts));
    // Not one of the silent receivers has run into its time limit by then.
    expect((await one.notifications.byIds(idsOf(dead))).map(({ attempts }) => attempts)).toEqual(Array(50).fill(0));
  });

  it('are served by one of several processes at a time', async () => {
    const [one, two] = [await start(), await start()];
    let underWay = 0;
    let most = 0;
    receiver.answerWith(async () => {
      most = Math.max(most, ++underWay);
      await new Promise((resolve) => setImmediate(resolve));
      underWay--;
      return { status: 200 };
    });
    const { channel } = await one.channel(hook('hook'));
    const drafts = (await Promise.all([...Array(5)].flatMap(() => [one.tell(channel.id, 5), two.tell(channel.id, 5)]))).flat();
    await delivered(one, idsOf(drafts));
    expect(receiver.received).toHaveLength(50);
    expect(most).toBeLessThanOrEqual(4);
  });

  it('send no more than their limit allows', async () => {
    const one = await start();
    const { channel } = await one.channel(hook('hook'), { rateLimitPerMinute: 60 });
    // Not the arrival of the first one, which may have been held up.
    const beganAtMs = Date.now();
    const drafts = await one.tell(channel.id, 8);
    await delivered(one, idsOf(drafts));
    const times = receiver.received.map(({ atMs }) => atMs);
    // A burst of six, then one a second.
    expect(times[6]! - beganAtMs).toBeGreaterThanOrEqual(900);
    expect(times[7]! - beganAtMs).toBeGreaterThanOrEqual(1_900);
  });

  it('put what comes within a window into one message, which is the same at every attempt', async () => {
    const one = await start();
    receiver.answerWith((_request, before) => ({ status: before === 0 ? 500 : 200 }));
    const { channel } = await one.channel(hook('hook'), { digestWindowMs: 1_000 });
    // However long it takes to tell the three: nobody's turn begins before.
    const lock = await holdLock(database.url, 'lock table notification_channel_states in exclusive mode');
    const drafts: Awaited<ReturnType<typeof one.tell>> = [];
    try {
      while (drafts.length < 3) drafts.push(...(await one.tell(channel.id)));
    } finally {
      await lock.release();
    }
    await delivered(one, idsOf(drafts));
    expect(receiver.received).toHaveLength(2);
    const [first, again] = receiver.received;
    const { createdAtMs } = await one.notification(drafts[0]!.id);
    expect(first!.atMs - createdAtMs).toBeGreaterThanOrEqual(990);
    expect(again!.body).toBe(first!.body);
    expect(again!.headers['webhook-id']).toBe(first!.headers['webhook-id']);
    const message = JSON.parse(first!.body) as { type: string; data: { notifications: { notificationId: string }[] } };
    expect(message.type).toBe('alert.digest');
    expect(message.data.notifications.map(({ notificationId }) => notificationId)).toEqual(idsOf(drafts));
    const { deliveryId } = await one.notification(drafts[0]!.id);
    expect((await one.notifications.attempts([deliveryId!])).map(({ notifications, outcome }) => [notifications, outcome])).toEqual([
      [3, 'SERVER_ERROR'],
      [3, 'DELIVERED'],
    ]);
    await one.notifications.replay([drafts[1]!.id]);
    await vi.waitFor(() => expect(receiver.received).toHaveLength(3));
    expect(receiver.received[2]!.body).toBe(first!.body);
  });

  it('that fail again and again are left alone, then asked with one message whether they are back', async () => {
    const one = await start({
      concurrency: 1,
      budget: { maximumAttempts: 20, maximumAgeMs: 600_000, firstDelayMs: 10, longestDelayMs: 20 },
    });
    let isBack = false;
    receiver.answerWith(() => ({ status: isBack ? 200 : 500 }));
    const { channel } = await one.channel(hook('hook'));
    const drafts = await one.tell(channel.id, 10);
    await vi.waitFor(async () => {
      const [state] = await one.database
        .sql`select open_until from notification_channel_states where open_until > now() and leased_by is null`;
      expect(state).toBeDefined();
    });
    expect(receiver.received).toHaveLength(5);
    await vi.waitFor(async () => expect(await one.metric('strikewire_notification_channels', { breaker: 'OPEN' })).toBe(1));
    expect(await one.metric('strikewire_notifications_queued')).toBe(10);
    const reopen = () => one.database.sql`update notification_channel_states set open_until = now() - interval '1 second'`;
    await reopen();
    const more = await one.tell(channel.id);
    await vi.waitFor(async () => {
      const [state] = await one.database.sql<
        { failures: number }[]
      >`select failures from notification_channel_states where open_until > now() and leased_by is null`;
      // Before its turn is over it would write once more that it is open.
      expect(state?.failures).toBe(6);
    });
    expect(receiver.received).toHaveLength(6);
    isBack = true;
    await reopen();
    const last = await one.tell(channel.id);
    await delivered(one, idsOf([...drafts, ...more, ...last]));
  });

  it('that nobody wakes are found', async () => {
    const one = await start({ maximumChannels: 0 });
    const { channel } = await one.channel(hook('hook'));
    const [draft] = await one.tell(channel.id);
    await one.database.sql`delete from jobs.job`;
    await one.database.sql`update notifications set next_attempt_at = now() - interval '2 minutes'`;
    await start();
    await delivered(one, [draft!.id]);
    expect(receiver.received).toHaveLength(1);
  });
});
