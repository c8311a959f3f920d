import type { ServerResponse } from 'node:http';
import { OperationCancelledError } from '../../domain/errors/operation-cancelled-error.ts';
import { StalledReaderError } from './stalled-reader-error.ts';

/** Writes no faster than the client reads. */
export interface ResponseWriter {
  /**
   * Resolves when there is room for more.
   * @throws OperationCancelledError when the client has gone
   * @throws StalledReaderError when it takes nothing for too long
   */
  write(text: string): Promise<void>;
}

/** @param stallMs longest that a piece may wait for the client, milliseconds */
export function createResponseWriter(response: ServerResponse, stallMs: number): ResponseWriter {
  let proceed = () => {};
  let isClosed = response.destroyed;
  const wake = () => proceed();
  // One listener for all: the compression hands each on to a stream of its own, from where it is never removed.
  response.on('drain', wake);
  response.once('close', () => {
    isClosed = true;
    wake();
  });

  return {
    async write(text) {
      if (isClosed) throw new OperationCancelledError();
      if (response.write(text)) return;
      let isStalled = false;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => {
          isStalled = true;
          resolve();
        }, stallMs);
        proceed = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      proceed = () => {};
      if (isClosed) throw new OperationCancelledError();
      if (isStalled) throw new StalledReaderError(stallMs);
    },
  };
}
