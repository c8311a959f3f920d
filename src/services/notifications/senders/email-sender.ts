import { callbackify } from 'node:util';
import type { SMTPTransportOptions } from 'nodemailer';
import type { SendResult } from '../../../domain/notifications/delivery-attempt.ts';
import type { AddressGuard } from '../outgoing/address-guard.ts';
import { guardedConnect } from '../outgoing/guarded-connect.ts';
import { TooSlowError } from '../outgoing/too-slow-error.ts';
import { emailMessage } from './email-message.ts';
import type { Destination, Sender } from './sender.ts';

export interface EmailSenderDeps {
  readonly guard: AddressGuard;
  readonly connectTimeoutMs: number;
  /** For everything, from connecting to the acceptance of the message. */
  readonly timeoutMs: number;
}

/** Messages to a mail server (SMTP submission). One that some of the recipients get counts as delivered: to send it again would repeat it to them. */
export function createEmailSender(deps: EmailSenderDeps): Sender<'EMAIL'> {
  return async (message, destination, signal) => {
    // Loaded with the first mail: most servers send none, and all of them have to start.
    const { createTransport } = await import('nodemailer');
    const transport = createTransport(transportOptions(destination, deps));
    let end = () => {};
    try {
      const given = new Promise<never>((_resolve, reject) => {
        const giveUp = () => reject(signal.reason);
        const timer = setTimeout(
          () => reject(new TooSlowError(`expected the message to be accepted within ${deps.timeoutMs} ms, got no answer`)),
          deps.timeoutMs,
        );
        signal.addEventListener('abort', giveUp, { once: true });
        end = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', giveUp);
        };
        if (signal.aborted) giveUp();
      });
      const sending = transport.sendMail(emailMessage(message, destination.settings));
      // Given up, it fails later, when nobody listens.
      sending.catch(() => {});
      const { response, rejected } = await Promise.race([sending, given]);
      const status = Number.parseInt(response, 10);
      return {
        outcome: 'DELIVERED',
        status: Number.isNaN(status) ? null : status,
        responseExcerpt: response,
        error: rejected.length === 0 ? null : `expected every recipient to be accepted, got refusals of ${rejected.join(', ')}`,
        retryAfterMs: null,
      };
    } catch (error) {
      const result = smtpResult(error);
      if (result) return result;
      throw error;
    } finally {
      end();
      transport.close();
    }
  };
}

function transportOptions(
  { settings, secrets }: Destination<'EMAIL'>,
  { guard, connectTimeoutMs, timeoutMs }: EmailSenderDeps,
): SMTPTransportOptions {
  const { host, port, security, username, certificateAuthority } = settings;
  return {
    host,
    port,
    secure: security === 'TLS',
    requireTLS: security === 'STARTTLS',
    ignoreTLS: security === 'NONE',
    ...(username !== null && { auth: { user: username, pass: secrets.password ?? '' } }),
    tls: { ...(certificateAuthority !== null && { ca: certificateAuthority }) },
    connectionTimeout: connectTimeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    // The library would resolve the name itself, past the guard.
    getSocket: (_options, callback) =>
      callbackify(async () => ({ connection: await guardedConnect(guard, host, port, connectTimeoutMs) }))(callback as never),
  };
}

/** Null when there was no answer. 4yz passes, 5yz stays (RFC 5321, 4.2.1). */
function smtpResult(error: unknown): SendResult | null {
  const { responseCode, response, code, message } = error as Error & { responseCode?: number; response?: string; code?: string };
  if (code === 'ETLS' || code === 'EENVELOPE' || responseCode !== undefined) {
    const passing = responseCode !== undefined ? responseCode < 500 : code === 'ETLS';
    return {
      outcome: passing ? 'SERVER_ERROR' : 'REJECTED',
      status: responseCode ?? null,
      responseExcerpt: response ?? null,
      error: message,
      retryAfterMs: null,
    };
  }
  return null;
}
