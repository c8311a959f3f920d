import { vi } from 'vitest';
import { WebSocket } from 'ws';

export interface Frame {
  readonly type: string;
  readonly id?: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read payloads of any shape
  readonly payload?: any;
}

/** A WebSocket without a client behind it: what is sent and what arrives is up to the test. */
export interface RawSocket {
  readonly socket: WebSocket;
  /** Everything that has arrived, in order. */
  readonly received: readonly Frame[];
  /** Rejects when the server refuses the connection. */
  readonly opened: Promise<void>;
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  send(message: object): void;
  /** The first frame that fits, as soon as it is there. */
  frame(fits: (frame: Frame) => boolean): Promise<Frame>;
  /** The frames of one operation so far. */
  of(id: string): Frame[];
  /** Opens the connection and the protocol in it. */
  initialised(): Promise<RawSocket>;
}

export interface RawSocketOptions {
  readonly protocols?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

export function openRawSocket(url: string, { protocols = ['graphql-transport-ws'], headers = {} }: RawSocketOptions = {}): RawSocket {
  const socket = new WebSocket(url, [...protocols], { headers });
  const received: Frame[] = [];
  socket.on('message', (message) => received.push(JSON.parse(String(message)) as Frame));
  const opened = new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  opened.catch(() => {});
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.once('close', (code, reason) => resolve({ code, reason: String(reason) }));
  });
  const raw: RawSocket = {
    socket,
    received,
    opened,
    closed,
    send: (message) => socket.send(JSON.stringify(message)),
    frame: (fits) =>
      vi.waitFor(
        () => {
          const found = received.find(fits);
          if (!found) throw new Error(`expected another frame, got ${JSON.stringify(received).slice(0, 2_000)}`);
          return found;
        },
        { interval: 5 },
      ),
    of: (id) => received.filter((frame) => frame.id === id),
    async initialised() {
      await opened;
      raw.send({ type: 'connection_init' });
      await raw.frame(({ type }) => type === 'connection_ack');
      return raw;
    },
  };
  return raw;
}
