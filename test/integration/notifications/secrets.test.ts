import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChannelSettingsInput } from '../../../src/domain/notifications/channel-input.ts';
import { keptSecretKey } from '../../../src/services/notifications/secrets/secret-keys.ts';
import { type NotificationProcess, startNotificationProcess, TEST_SECRETS_KEY } from '../../support/a-notification-process.ts';
import { type HttpReceiver, startHttpReceiver } from '../../support/http-receiver.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

let database: TestDatabase;
let receiver: HttpReceiver;
let processes: NotificationProcess[];

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

async function start(secretsKeys: readonly [string, ...string[]] | null): Promise<NotificationProcess> {
  const started = await startNotificationProcess({ databaseUrl: database.url, secretsKeys });
  processes.push(started);
  return started;
}

const NEW_KEY = randomBytes(32).toString('base64');
const SIGNING = `whsec_${Buffer.from('a signing secret of 32 bytes !!!').toString('base64')}`;
const SECRETS = { signing: SIGNING, header: 'Bearer zq9-header-value', token: 'zq9-auth-token', path: 'zq9slackpath' };

/** Everything the database holds of notifications. */
async function everything({ database: { sql } }: NotificationProcess): Promise<string> {
  const tables = ['notification_channels', 'notification_channel_states', 'notifications', 'notification_attempts', 'jobs.job'];
  const rows = await Promise.all(tables.map((table) => sql.unsafe(`select row_to_json(t)::text as row from ${table} as t`)));
  return JSON.stringify(rows);
}

describe('the secrets of channels', () => {
  it('are in no table, log, error or answer, also when receivers repeat them', async () => {
    const one = await start([TEST_SECRETS_KEY]);
    receiver.answerWith(({ headers, path, body }) => ({
      status: 400,
      body: `you sent ${JSON.stringify(headers)} to ${path}: ${body} ${path === '/hook' ? SIGNING : ''}`,
    }));
    const settings: ChannelSettingsInput[] = [
      { kind: 'WEBHOOK', url: `${receiver.origin}/hook`, signingSecret: SECRETS.signing, headers: { authorization: SECRETS.header } },
      { kind: 'SLACK', url: `${receiver.origin}/services/T0/B0/${SECRETS.path}` },
      { kind: 'SMS', baseUrl: receiver.origin, accountSid: 'AC1', authToken: SECRETS.token, from: '+12025550100', to: '+12025550123' },
    ];
    const shown: unknown[] = [];
    for (const each of settings) {
      const made = await one.channel(each);
      const [draft] = await one.tell(made.channel.id);
      await vi.waitFor(async () => expect((await one.notification(draft!.id)).state).toBe('DEAD'));
      shown.push(made, await one.channels.byIds([made.channel.id]), await one.notifications.attempts([draft!.id]));
      shown.push(await one.channels.update(made.channel.id, 1, { name: `renamed ${each.kind}` }));
    }
    const refused = await one
      .channel({ kind: 'SLACK', url: `ftp://${SECRETS.token}@x/${SECRETS.path}` })
      .catch((error: Error) => error.message);
    const all = [await everything(one), JSON.stringify(one.logs), JSON.stringify(shown), refused].join('\n');
    expect(all).toContain('you sent');
    const forms = Object.values(SECRETS).flatMap((secret) => [secret, Buffer.from(secret).toString('base64'), encodeURIComponent(secret)]);
    expect(forms.filter((form) => all.includes(form))).toEqual([]);
    expect(all).not.toContain(Buffer.from(`AC1:${SECRETS.token}`).toString('base64'));
  });

  it('are sealed anew when the key changes, and are of no use without it', async () => {
    const one = await start([TEST_SECRETS_KEY]);
    const { channel } = await one.channel({ kind: 'WEBHOOK', url: `${receiver.origin}/hook`, signingSecret: SIGNING });
    const sealed = async () =>
      (await one.database.sql<{ sealed: string }[]>`select sealed_secrets as sealed from notification_channels`)[0]!.sealed;
    const before = await sealed();
    await one.close();
    processes = [];
    const stranger = await start([NEW_KEY]);
    const [lost] = await stranger.tell(channel.id);
    await vi.waitFor(async () => expect((await stranger.notification(lost!.id)).state).toBe('DEAD'));
    expect((await stranger.notification(lost!.id)).reason).toContain('MISCONFIGURED: expected secrets sealed with one of the keys');
    await stranger.close();
    processes = [];
    const rotated = await start([NEW_KEY, TEST_SECRETS_KEY]);
    const [row] = await rotated.database.sql<{ sealed: string }[]>`select sealed_secrets as sealed from notification_channels`;
    expect(row!.sealed.split('.')[0]).not.toBe(before.split('.')[0]);
    await rotated.notifications.replay([lost!.id]);
    await vi.waitFor(async () => expect((await rotated.notification(lost!.id)).state).toBe('DELIVERED'));
  });

  it('of one channel open for no other', async () => {
    const one = await start([TEST_SECRETS_KEY]);
    const mine = await one.channel({ kind: 'WEBHOOK', url: `${receiver.origin}/mine`, headers: { authorization: SECRETS.header } });
    const theirs = await one.channel({ kind: 'WEBHOOK', url: `${receiver.origin}/theirs` });
    await one.database.sql`
      update notification_channels set sealed_secrets = (select sealed_secrets from notification_channels where id = ${mine.channel.id}) where id = ${theirs.channel.id}`;
    const [draft] = await one.tell(theirs.channel.id);
    await vi.waitFor(async () => expect((await one.notification(draft!.id)).state).toBe('DEAD'));
    expect(receiver.received).toEqual([]);
  });

  it('need a key, channels without secrets do not', async () => {
    const one = await start(null);
    await expect(one.channel({ kind: 'WEBHOOK', url: `${receiver.origin}/hook` })).rejects.toThrow('set SECRETS_KEY');
    const { channel } = await one.channel({ kind: 'LOG' });
    const [draft] = await one.tell(channel.id);
    await vi.waitFor(async () => expect((await one.notification(draft!.id)).state).toBe('DELIVERED'));
  });

  it('are given again when they would be sent elsewhere', async () => {
    const one = await start([TEST_SECRETS_KEY]);
    const { channel } = await one.channel({ kind: 'WEBHOOK', url: `${receiver.origin}/hook`, headers: { authorization: SECRETS.header } });
    const elsewhere = { kind: 'WEBHOOK' as const, url: 'http://127.0.0.1:9/hook' };
    await expect(one.channels.update(channel.id, 1, { settings: elsewhere })).rejects.toThrow(
      'settings.headers: expected the headers anew',
    );
    await one.channels.update(channel.id, 1, { settings: { kind: 'WEBHOOK', url: `${receiver.origin}/moved` } });
    const [draft] = await one.tell(channel.id);
    await vi.waitFor(async () => expect((await one.notification(draft!.id)).state).toBe('DELIVERED'));
    expect(receiver.received[0]).toMatchObject({ path: '/moved', headers: { authorization: SECRETS.header } });
  });

  it('have a key in a file that only its owner may read, the same for all who make it at once', async () => {
    const folder = await temporaryDirectory('secret-keys');
    const file = join(folder.path, 'deeper', 'channels.key');
    const keys = await Promise.all(Array.from({ length: 5 }, () => keptSecretKey(file)));
    expect(new Set(keys.map(({ id }) => id)).size).toBe(1);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await keptSecretKey(file)).bytes).toEqual(keys[0]!.bytes);
    await folder.remove();
  });
});
