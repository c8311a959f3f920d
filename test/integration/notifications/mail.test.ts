import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChannelSettingsInput } from '../../../src/domain/notifications/channel-input.ts';
import { type NotificationProcess, startNotificationProcess } from '../../support/a-notification-process.ts';
import { LOCALHOST_CERTIFICATE } from '../../support/localhost-certificate.ts';
import { type SmtpReceiver, startSmtpReceiver } from '../../support/smtp-receiver.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

let database: TestDatabase;
let one: NotificationProcess;
let receivers: SmtpReceiver[];

beforeEach(async () => {
  database = await createTestDatabase();
  receivers = [];
  one = await startNotificationProcess({ databaseUrl: database.url, timeoutMs: 3_000 });
});

afterEach(async () => {
  await one.close();
  await Promise.all(receivers.map((receiver) => receiver.close()));
  await database.drop();
});

async function mailServer(options: Parameters<typeof startSmtpReceiver>[0] = {}): Promise<SmtpReceiver> {
  const receiver = await startSmtpReceiver(options);
  receivers.push(receiver);
  return receiver;
}

type EmailInput = Extract<ChannelSettingsInput, { kind: 'EMAIL' }>;

const email = (port: number, overrides: Partial<EmailInput> = {}): EmailInput => ({
  kind: 'EMAIL',
  host: 'localhost',
  port,
  security: 'STARTTLS',
  username: 'desk',
  password: 'swordfish-9',
  from: 'strikewire@example.com',
  to: ['trader@example.com'],
  certificateAuthority: LOCALHOST_CERTIFICATE,
  ...overrides,
});

async function told(settings: EmailInput) {
  const { channel } = await one.channel(settings);
  const [draft] = await one.tell(channel.id);
  return draft!.id;
}

const becomes = (id: string, state: string) =>
  vi.waitFor(async () => expect((await one.notification(id)).state).toBe(state), { interval: 10 });

describe('a mail', () => {
  it('goes over STARTTLS, after a login, with an id of its own', async () => {
    const server = await mailServer();
    const id = await told(email(server.port, { to: ['trader@example.com', 'desk@example.com'] }));
    await becomes(id, 'DELIVERED');
    const [mail] = server.mails;
    expect(mail).toMatchObject({
      from: 'strikewire@example.com',
      to: ['trader@example.com', 'desk@example.com'],
      encrypted: true,
      user: 'desk',
    });
    expect(mail!.text).toContain(`Message-ID: <${id}@example.com>`);
    expect(mail!.text).toContain('Subject: subject 0');
    expect((await one.notifications.attempts([id]))[0]).toMatchObject({
      outcome: 'DELIVERED',
      status: 250,
      responseExcerpt: '250 queued as 42',
    });
  });

  it('goes over TLS from the first byte', async () => {
    const server = await mailServer({ secure: true });
    await becomes(await told(email(server.port, { security: 'TLS' })), 'DELIVERED');
    expect(server.mails[0]).toMatchObject({ encrypted: true, user: 'desk' });
  });

  it('is not sent, nor the password told, to a server without STARTTLS or with a certificate of somebody else', async () => {
    const plain = await mailServer({ disabledCommands: ['STARTTLS'], allowInsecureAuth: true });
    const strange = await mailServer();
    const ids = [await told(email(plain.port)), await told(email(strange.port, { certificateAuthority: null }))];
    for (const id of ids) await becomes(id, 'DEAD');
    expect([...plain.mails, ...strange.mails]).toEqual([]);
  });

  it('that is refused for now is sent again, one that is refused for good is not', async () => {
    const server = await mailServer();
    server.refuse((address, before) => (address.startsWith('nobody') ? 550 : before === 0 ? 451 : null));
    const busy = await told(email(server.port));
    await becomes(busy, 'DELIVERED');
    expect((await one.notifications.attempts([busy])).map(({ outcome, status }) => [outcome, status])).toEqual([
      ['SERVER_ERROR', 451],
      ['DELIVERED', 250],
    ]);
    const unknown = await told(email(server.port, { to: ['nobody@example.com'] }));
    await becomes(unknown, 'DEAD');
    expect((await one.notifications.attempts([unknown])).map(({ outcome, status }) => [outcome, status])).toEqual([['REJECTED', 550]]);
  });

  it('that some of its readers get is delivered, and tells who did not', async () => {
    const server = await mailServer();
    server.refuse((address) => (address.startsWith('nobody') ? 550 : null));
    const id = await told(email(server.port, { to: ['nobody@example.com', 'trader@example.com'] }));
    await becomes(id, 'DELIVERED');
    expect((await one.notifications.attempts([id]))[0]!.error).toContain('nobody@example.com');
    expect(server.mails).toHaveLength(1);
  });

  it('with a wrong password is given up, and the password shows up nowhere', async () => {
    const server = await mailServer();
    const id = await told(email(server.port, { password: 'a-wrong-password' }));
    await becomes(id, 'DEAD');
    const kept = JSON.stringify([await one.notifications.attempts([id]), await one.notification(id), one.logs]);
    expect(kept).toContain('REJECTED');
    expect(kept).not.toContain('a-wrong-password');
  });

  it('to a server that says nothing is given up in time', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const id = await told(email((silent.address() as { port: number }).port));
    await vi.waitFor(async () => expect((await one.notification(id)).attempts).toBeGreaterThan(0));
    expect((await one.notifications.attempts([id]))[0]!.outcome).toBe('TIMEOUT');
    silent.close();
  });
});
