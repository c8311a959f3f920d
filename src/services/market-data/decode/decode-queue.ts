import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import { FeedUnavailableError } from '../feed-errors.ts';
import { CLOSE_THREAD, type DecodeReply, type DecodeRequest } from './decode-protocol.ts';
import { startDecodeThread } from './start-decode-thread.ts';

/** A thread that is still reading then is ended by force; the largest recordings take about half a second. */
const END_TIMEOUT_MS = 3_000;

export interface DecodeQueueDeps {
  readonly log: Logger | undefined;
  readonly memoryLimitMb: number;
}

/** Puts requests to the decode thread one at a time, so that a crash costs only the one it is about. */
export interface DecodeQueue {
  /**
   * Moves the request's bytes, which must own their buffer. Rejects with FeedUnavailableError when the thread ends, or with the signal's
   * reason.
   */
  ask(request: DecodeRequest, signal: AbortSignal): Promise<DecodeReply>;
  stop(): Promise<void>;
}

interface Job {
  readonly request: DecodeRequest;
  readonly resolve: (reply: DecodeReply) => void;
  readonly reject: (reason: unknown) => void;
}

export function createDecodeQueue({ log, memoryLimitMb }: DecodeQueueDeps): DecodeQueue {
  const waiting: Job[] = [];
  let current: Job | undefined;
  let thread: Worker | undefined;
  let isStopped = false;

  function advance(): void {
    if (current || isStopped) return;
    current = waiting.shift();
    if (!current) {
      thread?.unref();
      return;
    }
    const { request } = current;
    try {
      thread ??= startThread();
      thread.ref();
      thread.postMessage(request, [request.bytes.buffer as ArrayBuffer]);
    } catch (cause) {
      settle(({ reject }) =>
        reject(new FeedUnavailableError(`${request.source}: the decode thread could not be asked (${String(cause)})`, { cause })),
      );
    }
  }

  function startThread(): Worker {
    const started = startDecodeThread(memoryLimitMb);
    let failure: Error | undefined;
    started.on('message', (reply: DecodeReply) => settle((job) => job.resolve(reply)));
    started.on('error', (error) => {
      failure = error;
    });
    started.once('exit', (exitCode) => {
      thread = undefined;
      if (isStopped) return;
      const reason = failure?.message ?? `exit code ${exitCode}`;
      log?.error({ err: failure, source: current?.request.source }, 'the decode thread ended unexpectedly');
      settle(({ request, reject }) =>
        reject(new FeedUnavailableError(`${request.source}: the decode thread ended while reading it (${reason})`, { cause: failure })),
      );
    });
    return started;
  }

  function settle(finish: (job: Job) => void): void {
    const job = current;
    current = undefined;
    if (job) finish(job);
    advance();
  }

  return {
    ask(request, signal) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        if (isStopped) return reject(stoppedError(request));
        const onAbort = () => {
          const at = waiting.indexOf(job);
          if (at >= 0) waiting.splice(at, 1);
          reject(signal.reason);
        };
        const leave = () => signal.removeEventListener('abort', onAbort);
        const job: Job = {
          request,
          resolve: (reply) => {
            leave();
            resolve(reply);
          },
          reject: (reason) => {
            leave();
            reject(reason);
          },
        };
        signal.addEventListener('abort', onAbort, { once: true });
        waiting.push(job);
        advance();
      });
    },
    async stop() {
      isStopped = true;
      const unanswered = current ? [current, ...waiting.splice(0)] : waiting.splice(0);
      current = undefined;
      for (const { request, reject } of unanswered) reject(stoppedError(request));
      if (thread) await endThread(thread);
    },
  };
}

/**
 * Lets the thread end by itself. `terminate` right after hard work aborts the whole process on Node 20, when V8 is still optimising code
 * of the thread in the background ("Assertion failed: (data.first) != nullptr"): a thread that runs out of work waits for that, one that
 * is terminated does not.
 */
async function endThread(thread: Worker): Promise<void> {
  const timeout = new AbortController();
  const exited = once(thread, 'exit', { signal: timeout.signal });
  const timer = setTimeout(() => timeout.abort(), END_TIMEOUT_MS);
  thread.ref();
  thread.postMessage(CLOSE_THREAD);
  try {
    await exited;
  } catch {
    await thread.terminate();
  } finally {
    clearTimeout(timer);
  }
}

function stoppedError({ source }: DecodeRequest): FeedUnavailableError {
  return new FeedUnavailableError(`${source}: not decoded, the decode worker has been stopped`);
}
