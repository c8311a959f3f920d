import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { LOCALHOST_CERTIFICATE, LOCALHOST_KEY } from './localhost-certificate.ts';

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Of the connection it came over. */
  readonly encrypted: boolean;
  readonly user: string | undefined;
  /** The whole message. */
  readonly text: string;
}

/** A mail server on a real socket. */
export interface SmtpReceiver {
  readonly port: number;
  readonly mails: ReceivedMail[];
  /** Replies to recipients given so far decide: an SMTP reply code refuses the address. */
  refuse(decide: (address: string, before: number) => number | null): void;
  close(): Promise<void>;
}

export async function startSmtpReceiver(options: SMTPServerOptions = {}): Promise<SmtpReceiver> {
  const mails: ReceivedMail[] = [];
  let asked = 0;
  let decide: (address: string, before: number) => number | null = () => null;
  const server = new SMTPServer({
    key: LOCALHOST_KEY,
    cert: LOCALHOST_CERTIFICATE,
    authOptional: true,
    onAuth: ({ username, password }, _session, callback) =>
      username === 'desk' && password === 'swordfish-9'
        ? callback(null, { user: username })
        : callback(new Error('Invalid username or password')),
    onRcptTo({ address }, _session, callback) {
      const code = decide(address, asked++);
      callback(code === null ? null : Object.assign(new Error('mailbox unavailable'), { responseCode: code }));
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          encrypted: session.secure,
          user: session.user as string | undefined,
          text: Buffer.concat(chunks).toString(),
        });
        callback(null, 'queued as 42');
      });
    },
    ...options,
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    refuse: (next) => {
      decide = next;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
