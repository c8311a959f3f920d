import type { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import { FeedUnavailableError } from '../feed-errors.ts';
import { abortable } from './abortable.ts';
import type { DecodeReply, DecodeRequest } from './decode-protocol.ts';
import { endDecodeThread } from './end-decode-thread.ts';
import { startDecodeThread } from './start-decode-thread.ts';

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
  /** When it is aborted nobody waits any more. */
  readonly signal: AbortSignal;
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
    do current = waiting.shift();
    while (current?.signal.aborted);
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
      const answered = new Promise<DecodeReply>((resolve, reject) => {
        if (isStopped) return reject(stoppedError(request));
        waiting.push({ request, signal, resolve, reject });
        advance();
      });
      return abortable(answered, signal);
    },
    async stop() {
      isStopped = true;
      const unanswered = current ? [current, ...waiting.splice(0)] : waiting.splice(0);
      current = undefined;
      for (const { request, reject } of unanswered) reject(stoppedError(request));
      if (thread) await endDecodeThread(thread);
    },
  };
}

function stoppedError({ source }: DecodeRequest): FeedUnavailableError {
  return new FeedUnavailableError(`${source}: not decoded, the decode worker has been stopped`);
}
