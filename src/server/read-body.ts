import type { IncomingMessage } from 'node:http';
import { LimitExceededError } from '../domain/errors/limit-exceeded-error.ts';

/** What is read of a body that is too long, and for how long: a connection that is closed with unread bytes in it loses the answer too. */
const DISCARDED_BYTES = 67_108_864;
const DISCARDING_MS = 2_000;

/**
 * The bytes of a request's body. Of one that is too long the rest is thrown away, so that the connection still carries the answer; unless there is far too much of it, or it takes
 * too long.
 *
 * @throws LimitExceededError when it is longer than the limit; whatever the connection failed with when it was cut.
 */
export function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > limitBytes + DISCARDED_BYTES) return Promise.reject(tooLong(limitBytes, announced));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    let timer: NodeJS.Timeout | null = null;
    const refuse = () => {
      if (timer) clearTimeout(timer);
      reject(tooLong(limitBytes, Math.max(length, announced)));
    };
    if (announced > limitBytes) timer = setTimeout(refuse, DISCARDING_MS);
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= limitBytes && announced <= limitBytes) {
        chunks.push(chunk);
        return;
      }
      chunks.length = 0;
      if (length > limitBytes + DISCARDED_BYTES) refuse();
      else timer ??= setTimeout(refuse, DISCARDING_MS);
    });
    request.once('end', () => {
      if (timer) refuse();
      else resolve(Buffer.concat(chunks));
    });
    request.once('error', (error) => {
      if (timer) clearTimeout(timer);
      reject(error);
    });
  });
}

function tooLong(limitBytes: number, length: number): LimitExceededError {
  return new LimitExceededError('bytes in a request body', limitBytes, length, { limit: 'bodyBytes' });
}
