import type { WebSocket } from 'ws';
import { judgeAnswer, judgeClose, judgeMessage, openSocket } from './judge-answer.ts';

/** What is sent; of any shape. */
export interface HostileBody {
  readonly query: unknown;
  readonly variables?: unknown;
  readonly operationName?: unknown;
  readonly extensions?: unknown;
}

/** Sends an operation and tells how it was answered. @throws Error when it was not answered well, or not in time */
export type Transport = (body: HostileBody) => Promise<string>;

export interface Transports {
  readonly all: Readonly<Record<'HTTP' | 'WebSocket' | 'SSE', Transport>>;
  close(): void;
}

export interface TransportsDeps {
  readonly origin: string;
  readonly webSocketUrl: string;
  readonly authorization: string;
}

const ANSWER_MS = 30_000;
/** Enough of an event stream to know how it begins. */
const EVENT = /event: (next|complete)\ndata:.*\n\n/;

export function createTransports({ origin, webSocketUrl, authorization }: TransportsDeps): Transports {
  const post = (body: HostileBody, accept: string, signal: AbortSignal) =>
    fetch(`${origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept, authorization },
      body: JSON.stringify(body),
      signal,
    });
  let shared: Promise<WebSocket> | null = null;
  let number = 0;

  async function overHttp(body: HostileBody): Promise<string> {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(new Error(`expected an answer within ${ANSWER_MS} ms`)), ANSWER_MS);
    try {
      const response = await post(body, 'application/json', abort.signal);
      return judgeAnswer(response.status, await response.text());
    } finally {
      clearTimeout(timer);
    }
  }

  async function overEvents(body: HostileBody): Promise<string> {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(new Error(`expected an event within ${ANSWER_MS} ms`)), ANSWER_MS);
    try {
      const response = await post(body, 'text/event-stream', abort.signal);
      const decoder = new TextDecoder();
      let text = '';
      for await (const chunk of response.body ?? []) {
        text += decoder.decode(chunk as Uint8Array, { stream: true });
        if (EVENT.test(text)) break;
      }
      return judgeAnswer(response.status, text).replace('HTTP', 'SSE');
    } finally {
      clearTimeout(timer);
      abort.abort();
    }
  }

  async function overSocket(body: HostileBody): Promise<string> {
    shared ??= openSocket(webSocketUrl, authorization);
    const socket = await shared;
    const id = `h${number++}`;
    return new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => settle(() => reject(new Error(`expected a message within ${ANSWER_MS} ms`))), ANSWER_MS);
      function settle(end: () => void): void {
        clearTimeout(timer);
        socket.off('message', onMessage);
        socket.off('close', onClose);
        end();
      }
      function attempt(judge: () => string): void {
        try {
          const outcome = judge();
          settle(() => resolve(outcome));
        } catch (error) {
          settle(() => reject(error as Error));
        }
      }
      function onMessage(data: unknown): void {
        const text = String(data);
        if (!text.includes(`"id":"${id}"`)) return;
        attempt(() => judgeMessage(text));
        socket.send(JSON.stringify({ type: 'complete', id }));
      }
      function onClose(code: number, reason: Buffer): void {
        shared = null;
        attempt(() => judgeClose(code, String(reason)));
      }
      socket.on('message', onMessage);
      socket.once('close', onClose);
      socket.send(JSON.stringify({ type: 'subscribe', id, payload: body }));
    });
  }

  return {
    all: { HTTP: overHttp, WebSocket: overSocket, SSE: overEvents },
    close: () => void shared?.then((socket) => socket.terminate()).catch(() => {}),
  };
}
