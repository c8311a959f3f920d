import { Redis } from 'ioredis';
import { reconnectDelayMs } from './reconnect-delay.ts';

const CONNECT_TIMEOUT_MS = 5_000;
/** A server that hangs does not say goodbye either. */
const GOODBYE_MS = 200;
/** Looks at which nothing has come since the one before, though a question was asked. */
const SILENT_LOOKS = 2;

export interface RedisLinkDeps {
  /** redis:// address; may hold a password, never log it. */
  readonly url: string;
  /** Uniform in [0, 1); spreads the attempts of several processes. */
  readonly random: () => number;
  /** After which a command counts as failed; without it commands wait until the connection is given up. */
  readonly commandTimeoutMs?: number;
  readonly onUp: () => void;
  /** @param reason null: the server closed the connection without an error */
  readonly onDown: (reason: Error | null) => void;
}

/** One connection to Redis, kept up for ever: when it is lost, or the server has gone silent, another one is made. */
export interface RedisLink {
  readonly client: Redis;
  /** Whether commands are answered, as far as is known. */
  isUp(): boolean;
  /** Resolves after the first attempt, whatever came of it. */
  start(): Promise<void>;
  /**
   * To be called at equal intervals: asks the server something, and gives the connection up when nothing at all has come for two intervals. Counting calls rather
   * than time keeps an event loop that was held up from taking its own silence for the server's.
   */
  look(): void;
  stop(): void;
}

export function createRedisLink({ url, random, commandTimeoutMs, onUp, onDown }: RedisLinkDeps): RedisLink {
  const client = new Redis(url, {
    lazyConnect: true,
    // A message that cannot go out now is worthless later: readers fill the gap from the database.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    autoResubscribe: false,
    connectTimeout: CONNECT_TIMEOUT_MS,
    ...(commandTimeoutMs !== undefined && { commandTimeout: commandTimeoutMs }),
    disconnectTimeout: GOODBYE_MS,
    retryStrategy: (attempt) => reconnectDelayMs(attempt, random()),
  });
  let up = false;
  let stopped = false;
  let lastError: Error | null = null;
  let seenStream: unknown = null;
  let seenBytes = 0;
  let silentLooks = 0;

  function goDown(reason: Error | null): void {
    up = false;
    if (!stopped) onDown(reason);
  }

  client.on('error', (error: Error) => {
    lastError = error;
  });
  client.on('close', () => goDown(lastError));
  client.on('ready', () => {
    lastError = null;
    up = true;
    if (!stopped) onUp();
  });

  async function connect(): Promise<void> {
    await client.connect().catch((error: Error) => goDown(lastError ?? error));
  }

  return {
    client,
    isUp: () => up,
    start: connect,
    look() {
      if (stopped) return;
      // The client tries again by itself, except when it could not even begin.
      if (client.status === 'end') void connect();
      if (client.status !== 'connect' && client.status !== 'ready') return;
      const { stream } = client;
      silentLooks = stream === seenStream && stream.bytesRead === seenBytes ? silentLooks + 1 : 0;
      seenStream = stream;
      seenBytes = stream.bytesRead;
      if (silentLooks < SILENT_LOOKS) {
        if (client.status === 'ready') client.ping().catch(() => {});
        return;
      }
      silentLooks = 0;
      goDown(new Error('expected Redis to answer a PING, got nothing'));
      client.disconnect(true);
    },
    stop() {
      stopped = true;
      up = false;
      client.disconnect();
    },
  };
}
