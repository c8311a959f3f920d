import { type Client, createClient } from 'graphql-ws';
import type { ClientTimers } from './client-timers.ts';
import type { GraphQLErrorShape, GraphQLResult } from './graphql-result.ts';
import { isFatalCloseCode } from './is-fatal-close-code.ts';
import { createSessionRenewal, type SessionRenewal, type SessionRenewalOptions } from './renew-session.ts';
import { type TrackedWebSocket, trackWebSocket } from './track-web-socket.ts';

/** One connection, from its beginning to its end. */
export interface Session {
  /** Sends an operation. What it returns takes it back: from then on its sink hears nothing. */
  subscribe(payload: OperationPayload, sink: OperationSink): () => void;
  /** Ends the connection without telling anybody here. */
  close(): void;
}

export interface OperationPayload {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Hears of an operation until it is taken back, or its session ends. */
export interface OperationSink {
  next(result: GraphQLResult): void;
  /** The server refused or ended the operation. */
  refused(errors: readonly GraphQLErrorShape[]): void;
  complete(): void;
}

export interface SessionEnd {
  readonly code: number;
  readonly reason: string;
  readonly isFatal: boolean;
}

export interface SessionOptions {
  readonly url: string;
  readonly connectionParams: Record<string, unknown> | undefined;
  readonly webSocketImpl: unknown;
  readonly timers: ClientTimers;
  /** How long it may take until the server has acknowledged the connection, milliseconds. */
  readonly connectTimeoutMs: number;
  /** The server is pinged this often, milliseconds; when nothing has come from it by the next ping, the connection counts as lost. */
  readonly keepAliveMs: number;
  /** How to get another token; null: the one of the beginning is all there is. */
  readonly renewal: SessionRenewalOptions | null;
  readonly onConnected: () => void;
  /** Called once; afterwards nothing is. */
  readonly onEnd: (end: SessionEnd) => void;
}

/** With what the server ends a connection whose token has expired, or which an administrator has ended. */
const FORBIDDEN = 4403;
/** RFC 6455: closed without a closing handshake. */
const ABNORMAL_CLOSURE = 1006;

/** A graphql-ws client that lives as long as one connection: when to connect again, and what to send then, is decided elsewhere. */
export function openSession(options: SessionOptions): Session {
  const { url, connectionParams, timers, connectTimeoutMs, keepAliveMs, onConnected, onEnd } = options;
  let hasEnded = false;
  let isConnected = false;
  let hasHeard = false;
  let lastError = '';
  let timer: unknown;

  const socket: TrackedWebSocket = trackWebSocket(options.webSocketImpl, (reason) => end(ABNORMAL_CLOSURE, reason));
  const renewal: SessionRenewal | null = options.renewal && createSessionRenewal(options.renewal, socket.send);
  const client: Client = createClient({
    url,
    ...(connectionParams && { connectionParams }),
    webSocketImpl: socket.implementation,
    lazy: false,
    retryAttempts: 0,
    onNonLazyError: () => {},
    on: {
      connected() {
        if (hasEnded) return;
        timers.clearTimeout(timer);
        isConnected = true;
        hasHeard = true;
        watch();
        onConnected();
      },
      ping: (_isReceived, payload) => renewal?.onMessage(payload),
      pong: (isReceived, payload) => {
        // What is answered to a ping of the server repeats its payload.
        if (isReceived) renewal?.onMessage(payload);
      },
      message: () => {
        hasHeard = true;
      },
      error: (error) => {
        lastError = messageOf(error);
        // Node.js up to 23 does not tell of the end of a connection that never came about. What is an Error is graphql-ws's own, and closes the socket.
        if (!isConnected && !(error instanceof Error)) end(ABNORMAL_CLOSURE, lastError);
      },
      closed: (event) => {
        const { code = ABNORMAL_CLOSURE, reason = '' } = event as { code?: number; reason?: string };
        end(code, reason || lastError);
      },
    },
  });
  timer = timers.setTimeout(() => abandon(`expected an acknowledgement within ${connectTimeoutMs} ms, got none`), connectTimeoutMs);

  function watch(): void {
    timer = timers.setTimeout(() => {
      if (!hasHeard) {
        abandon(`expected a sign of life within ${keepAliveMs} ms, got none`);
        return;
      }
      hasHeard = false;
      socket.send('{"type":"ping"}');
      watch();
    }, keepAliveMs);
  }

  function abandon(reason: string): void {
    end(ABNORMAL_CLOSURE, reason);
    socket.terminate();
  }

  function finish(): void {
    hasEnded = true;
    timers.clearTimeout(timer);
    renewal?.stop();
    // From now on graphql-ws connects no more. It rejects when there never was a connection.
    Promise.resolve(client.dispose()).catch(() => {});
  }

  function end(code: number, reason: string): void {
    if (hasEnded) return;
    finish();
    // It was let in before, and may be again with another token.
    const mayReturn = code === FORBIDDEN && isConnected && renewal !== null;
    onEnd({ code, reason, isFatal: isFatalCloseCode(code) && !mayReturn });
  }

  return {
    subscribe(payload, sink) {
      let isOver = false;
      const dispose = client.subscribe(
        { query: payload.query, variables: { ...payload.variables } },
        {
          next: (result) => {
            if (!isOver && !hasEnded) sink.next(result);
          },
          error: (error) => {
            // All but the server's errors are about the connection, of which its end tells.
            if (isOver || hasEnded || !Array.isArray(error)) return;
            isOver = true;
            sink.refused(error as GraphQLErrorShape[]);
          },
          complete: () => {
            if (isOver || hasEnded) return;
            isOver = true;
            sink.complete();
          },
        },
      );
      return () => {
        if (isOver) return;
        isOver = true;
        // Not in the midst of its messages: when its end is the next one, graphql-ws releases it twice, and closes the connection for want of users.
        queueMicrotask(() => {
          if (!hasEnded) dispose();
        });
      };
    },
    close() {
      if (hasEnded) return;
      finish();
      socket.close();
    },
  };
}

function messageOf(error: unknown): string {
  const message = (error as { message?: unknown } | null)?.message;
  return typeof message === 'string' ? message : '';
}
