import type { Logger } from 'pino';
import WebSocket, { type RawData } from 'ws';
import { createBackoff } from './backoff.ts';
import { readDeribitMessage } from './deribit-message.ts';
import { CREDIT_REFILL_MS, TOO_MANY_REQUESTS } from './rpc-result.ts';

export interface DeribitSocketTimings {
  /** How often Deribit asks whether we are there; it takes 10 s at least. */
  readonly heartbeatSeconds: number;
  /** Without a notification for this long the connection is given up: the index alone is told about once a second. */
  readonly silenceMs: number;
  readonly connectTimeoutMs: number;
  readonly firstBackoffMs: number;
  readonly longestBackoffMs: number;
  /** Least wait after too_many_requests. */
  readonly creditRefillMs: number;
}

export const DERIBIT_SOCKET_TIMINGS: DeribitSocketTimings = {
  heartbeatSeconds: 10,
  silenceMs: 30_000,
  connectTimeoutMs: 10_000,
  firstBackoffMs: 1_000,
  longestBackoffMs: 60_000,
  creditRefillMs: CREDIT_REFILL_MS,
};

export interface DeribitSocketOptions {
  readonly url: string;
  readonly channels: readonly string[];
  readonly onNotification: (channel: string, data: unknown) => void;
  readonly log: Logger;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly timings?: Partial<DeribitSocketTimings>;
}

/** One connection to Deribit, kept up until it is stopped: subscribed in one request each time (3 a second are allowed), connected anew with growing waits. */
export interface DeribitSocket {
  /** Begins to connect; does nothing when it has begun already. */
  start(): void;
  /** Resolves when the connection is closed and no timer is left. Idempotent. */
  stop(): Promise<void>;
}

const HEARTBEAT_ID = 1;
const SUBSCRIBE_ID = 2;
const TEST_ID = 3;
/** The first notification tells all marks of a coin, about 150 bytes each. */
const MAXIMUM_MESSAGE_BYTES = 16 * 1024 * 1024;

export function createDeribitSocket({ url, channels, onNotification, log, random, ...options }: DeribitSocketOptions): DeribitSocket {
  const timings = { ...DERIBIT_SOCKET_TIMINGS, ...options.timings };
  const backoff = createBackoff({ firstMs: timings.firstBackoffMs, longestMs: timings.longestBackoffMs, random });
  let isRunning = false;
  let isUp = false;
  let socket: WebSocket | undefined;
  let reconnectTimer: NodeJS.Timeout | undefined;

  function connect(): void {
    let connection: WebSocket;
    try {
      connection = new WebSocket(url, {
        handshakeTimeout: timings.connectTimeoutMs,
        maxPayload: MAXIMUM_MESSAGE_BYTES,
        perMessageDeflate: false,
      });
    } catch {
      // The complaint repeats the address, which may hold a password.
      reconnect('the address is none of a WebSocket', 0);
      return;
    }
    socket = connection;
    keepUp(connection);
  }

  function keepUp(connection: WebSocket): void {
    let reason = 'closed by Deribit';
    let leastWaitMs = 0;
    const silence = setTimeout(() => giveUp(`no notification for ${timings.silenceMs} ms`), timings.silenceMs);

    function giveUp(why: string): void {
      reason = why;
      connection.terminate();
    }

    function request(id: number, method: string, params: Readonly<Record<string, unknown>>): void {
      connection.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    }

    function receive(frame: RawData): void {
      const message = readDeribitMessage(frame);
      if (message.kind === 'notification') {
        silence.refresh();
        markUp();
        onNotification(message.channel, message.data);
      } else if (message.kind === 'test-request') request(TEST_ID, 'public/test', {});
      else if (message.kind === 'error') {
        leastWaitMs = message.code === TOO_MANY_REQUESTS ? timings.creditRefillMs : 0;
        giveUp(`error ${String(message.code)}: ${String(message.message)}`);
      } else if (message.kind === 'unreadable') giveUp('a message that is not JSON-RPC');
      else if (message.kind === 'answer' && message.id === SUBSCRIBE_ID) checkSubscribed(message.result);
    }

    connection.on('open', () => {
      silence.refresh();
      request(HEARTBEAT_ID, 'public/set_heartbeat', { interval: timings.heartbeatSeconds });
      request(SUBSCRIBE_ID, 'public/subscribe', { channels });
    });
    connection.on('message', receive);
    // After a failed attempt, too, close follows.
    connection.on('error', (error) => {
      reason = error.message;
    });
    connection.on('close', () => {
      clearTimeout(silence);
      if (socket !== connection) return;
      socket = undefined;
      if (isRunning) reconnect(reason, leastWaitMs);
    });
  }

  function markUp(): void {
    if (isUp) return;
    isUp = true;
    backoff.reset();
    log.info({ channels }, 'connected to Deribit, marks and index prices are coming in');
  }

  /** Deribit passes over channels it does not know. */
  function checkSubscribed(result: unknown): void {
    const missing = channels.filter((channel) => !Array.isArray(result) || !result.includes(channel));
    if (missing.length > 0) log.warn({ channels: missing }, 'Deribit does not know these channels');
  }

  function reconnect(reason: string, leastWaitMs: number): void {
    const waitMs = Math.max(backoff.next(), leastWaitMs);
    // Once per outage: attempts that fail one after the other tell nothing new.
    const level = isUp || reconnectTimer === undefined ? 'warn' : 'debug';
    isUp = false;
    log[level]({ reason, waitMs }, 'no connection to Deribit, trying again; chains are read without it meanwhile');
    reconnectTimer = setTimeout(connect, waitMs);
  }

  return {
    start() {
      if (isRunning) return;
      isRunning = true;
      connect();
    },
    async stop() {
      isRunning = false;
      clearTimeout(reconnectTimer);
      const connection = socket;
      if (!connection) return;
      const closed = new Promise<void>((resolve) => connection.once('close', () => resolve()));
      connection.terminate();
      await closed;
    },
  };
}
