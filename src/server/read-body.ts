import type { IncomingMessage } from 'node:http';
import { LimitExceededError } from '../domain/errors/limit-exceeded-error.ts';

/**
 * The bytes of a request's body. What was announced too long is not read at all; what is sent without a length is read up to the limit and the rest thrown away,
 * so that the connection still carries the answer.
 *
 * @throws LimitExceededError when it is longer than the limit; whatever the connection failed with when it was cut.
 */
export function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > limitBytes) return Promise.reject(tooLong(limitBytes, announced));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= limitBytes) {
        chunks.push(chunk);
        return;
      }
      chunks.length = 0;
      reject(tooLong(limitBytes, length));
    });
    request.once('end', () => resolve(Buffer.concat(chunks)));
    request.once('error', reject);
  });
}

function tooLong(limitBytes: number, length: number): LimitExceededError {
  return new LimitExceededError('bytes in a request body', limitBytes, length, { limit: 'bodyBytes' });
}
