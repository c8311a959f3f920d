import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type NotificationProcess, startNotificationProcess } from '../../support/a-notification-process.ts';
import { type HttpReceiver, startHttpReceiver } from '../../support/http-receiver.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

const SENDER = fileURLToPath(new URL('../../support/notification-sender-process.ts', import.meta.url));
const KILLS = 2;
const CHANNELS = 3;
const EACH = 20;

let database: TestDatabase;
let receiver: HttpReceiver;
/** Stores notifications and sends none. */
let teller: NotificationProcess;
let sender: ChildProcess | null = null;

beforeEach(async () => {
  database = await createTestDatabase();
  receiver = await startHttpReceiver();
  teller = await startNotificationProcess({ databaseUrl: database.url, maximumChannels: 0 });
});

afterEach(async () => {
  await kill();
  await teller.close();
  await receiver.close();
  await database.drop();
});

function start(): void {
  const env = { ...process.env, SENDER_DATABASE_URL: database.url };
  sender = spawn(process.execPath, ['--import', 'tsx', SENDER], { env, stdio: ['ignore', 'ignore', 'inherit'] });
}

async function kill(): Promise<void> {
  const dying = sender;
  sender = null;
  if (!dying) return;
  const gone = new Promise((resolve) => dying.once('exit', resolve));
  dying.kill('SIGKILL');
  await gone;
}

it('every notification arrives at least once, under its own id, when the process that sends is killed in the middle', {
  timeout: 600_000,
}, async () => {
  let sinceKill = 0;
  let reached = () => {};
  receiver.answerWith(async () => {
    sinceKill++;
    // Killed before it hears the answer: the receiver has the message, and the sender cannot know.
    if (sinceKill === 8) {
      reached();
      return 'never';
    }
    return { status: 200 };
  });
  const channels = await Promise.all(
    Array.from({ length: CHANNELS }, (_, index) => teller.channel({ kind: 'WEBHOOK', url: `${receiver.origin}/hook-${index}` })),
  );
  const drafts = (await Promise.all(channels.map(({ channel }) => teller.tell(channel.id, EACH)))).flat();
  for (let round = 0; round < KILLS; round++) {
    sinceKill = 0;
    const inTheMiddle = new Promise<void>((resolve) => {
      reached = resolve;
    });
    start();
    await inTheMiddle;
    await kill();
  }
  sinceKill = Number.NaN;
  start();
  const wanted = drafts.map(({ id }) => id).toSorted();
  await vi.waitFor(
    async () => {
      const found = await teller.notifications.byIds(wanted);
      expect(found.filter(({ state }) => state !== 'DELIVERED')).toEqual([]);
    },
    { timeout: 100_000, interval: 100 },
  );
  const ids = receiver.received.map(({ headers }) => headers['webhook-id'] as string);
  expect([...new Set(ids)].toSorted()).toEqual(wanted);
  // What was under way at a kill has come again: the same id, twice.
  expect(ids.length).toBeGreaterThanOrEqual(wanted.length + KILLS);
});
