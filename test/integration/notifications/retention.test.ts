import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { removeOldNotifications } from '../../../src/services/notifications/remove-old-notifications.ts';
import { type NotificationProcess, startNotificationProcess } from '../../support/a-notification-process.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

const DAY_MS = 86_400_000;

let database: TestDatabase;
let one: NotificationProcess;

beforeEach(async () => {
  database = await createTestDatabase();
  one = await startNotificationProcess({ databaseUrl: database.url, retentionDays: 30, upkeepIntervalMs: 60_000 });
});

afterEach(async () => {
  await one.close();
  await database.drop();
});

/** A notification of so many days ago, alone in its message or with others, and an attempt at it. */
async function stored(ageDays: number, state: string, deliveryId?: string): Promise<string> {
  const { sql } = one.database;
  const atMs = Date.now() - ageDays * DAY_MS;
  const id = uuidv7({ msecs: atMs });
  const at = sql.typed.timestamptz(atMs);
  await sql`insert into notifications (id, channel_id, kind, subject, body, payload, state, delivery_id, created_at, queued_at, next_attempt_at)
    values (${id}, ${uuidv7()}, 'FIRED', 'subject', 'body', '{}', ${state}, ${deliveryId ?? id}, ${at}, ${at}, ${state === 'QUEUED' ? at : null})`;
  await sql`insert into notification_attempts (id, delivery_id, channel_id, number, notifications, started_at, duration_ms, outcome)
    values (${uuidv7()}, ${deliveryId ?? id}, ${uuidv7()}, 1, 1, ${at}, 1, 'DELIVERED')`;
  return id;
}

async function remaining(): Promise<string[]> {
  return (await one.database.sql<{ id: string }[]>`select id from notifications order by id`).map(({ id }) => id);
}

async function attempted(): Promise<Set<string>> {
  const rows = await one.database.sql<{ deliveryId: string }[]>`select delivery_id as "deliveryId" from notification_attempts`;
  return new Set(rows.map(({ deliveryId }) => deliveryId));
}

it('removes what is older than the retention with its attempts, and leaves what is younger or still waits', async () => {
  for (const state of ['DELIVERED', 'DEAD', 'SKIPPED']) await stored(31, state);
  const waiting = await stored(31, 'QUEUED');
  const young = await stored(29, 'DELIVERED');
  expect(await removeOldNotifications(one.database.sql, 30)).toEqual({ removed: 3, mayBeMore: false });
  expect(await remaining()).toEqual([waiting, young]);
  expect(await attempted()).toEqual(new Set([waiting, young]));
});

it('keeps the attempts at a digest until nothing of it is left', async () => {
  const digest = uuidv7();
  await stored(31, 'DELIVERED', digest);
  const young = await stored(29, 'DELIVERED', digest);
  await removeOldNotifications(one.database.sql, 30);
  expect(await remaining()).toEqual([young]);
  expect(await attempted()).toEqual(new Set([digest]));
  await removeOldNotifications(one.database.sql, 28);
  expect(await remaining()).toEqual([]);
  expect(await attempted()).toEqual(new Set());
});

it('is done by the upkeep of a server', async () => {
  await stored(31, 'DELIVERED');
  const young = await stored(29, 'DELIVERED');
  const other = await startNotificationProcess({ databaseUrl: database.url, retentionDays: 30, upkeepIntervalMs: 1_000 });
  try {
    await vi.waitFor(async () => expect(await remaining()).toEqual([young]));
    await vi.waitFor(() =>
      expect(other.logs).toContainEqual(expect.objectContaining({ msg: 'old notifications are removed', notifications: 1 })),
    );
  } finally {
    await other.close();
  }
});
