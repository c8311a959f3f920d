import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { Bus, BusMessage } from './bus.ts';
import { createChannelHandlers } from './channel-handlers.ts';

const PREFIX = 'strikewire:';
const LONGEST_RECONNECT_MS = 10_000;

export interface RedisBusDeps {
  /** redis:// address; may hold a password, never log it. */
  readonly url: string;
  /** Address without secrets, for people. */
  readonly description: string;
  /** Differs between processes: a process does not hear its own messages back. */
  readonly processId: string;
  readonly log: Logger;
  readonly random: () => number;
}

interface Envelope {
  readonly from: string;
  readonly message: BusMessage;
}

/** Redis pub/sub between processes. Handlers of the publishing process are called directly, so it goes on alone while Redis is away. */
export function createRedisBus({ url, description, processId, log, random }: RedisBusDeps): Bus {
  const handlers = createChannelHandlers(log);
  const options = {
    lazyConnect: true,
    // A message that cannot go out now is worthless later: readers fill the gap from the database.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt: number) => Math.min(LONGEST_RECONNECT_MS, 100 * 2 ** Math.min(attempt, 10)) * (0.5 + random() / 2),
  };
  const publisher = new Redis(url, options);
  const subscriber = new Redis(url, { ...options, autoResubscribe: false });
  let healthy = false;
  let stopped = false;

  function setHealthy(now: boolean, error?: unknown): void {
    if (now === healthy || stopped) return;
    healthy = now;
    if (now) log.info({ redis: description }, 'bus connected');
    else log.warn({ err: error, redis: description }, 'bus lost, events reach other processes through the database only');
  }

  for (const client of [publisher, subscriber]) {
    client.on('error', (error) => setHealthy(false, error));
    client.on('close', () => setHealthy(false));
  }
  subscriber.on('ready', () => {
    subscriber.psubscribe(`${PREFIX}*`).then(
      () => setHealthy(true),
      (error: unknown) => setHealthy(false, error),
    );
  });
  subscriber.on('pmessage', (_pattern: string, channel: string, text: string) => {
    const envelope = parseEnvelope(text);
    if (!envelope) log.warn({ channel }, 'bus message is malformed, ignored');
    else if (envelope.from !== processId) handlers.deliver(channel.slice(PREFIX.length), envelope.message);
  });

  return {
    description: `Redis ${description}`,
    async start() {
      // A Redis that is not there at the start is waited for in the background, like one that is lost later.
      await Promise.all([publisher, subscriber].map((client) => client.connect().catch((error: unknown) => setHealthy(false, error))));
    },
    publish(channel, message) {
      handlers.deliver(channel, message);
      if (publisher.status !== 'ready') return;
      const envelope: Envelope = { from: processId, message };
      publisher.publish(PREFIX + channel, JSON.stringify(envelope)).catch((error: unknown) => setHealthy(false, error));
    },
    subscribe: handlers.add,
    isHealthy: () => healthy,
    async stop() {
      stopped = true;
      publisher.disconnect();
      subscriber.disconnect();
    },
  };
}

function parseEnvelope(text: string): Envelope | null {
  try {
    const value = JSON.parse(text) as Partial<Envelope> | null;
    const message = value?.message;
    if (typeof value?.from !== 'string' || typeof message?.firstSequence !== 'number' || !Array.isArray(message.rows)) return null;
    return { from: value.from, message };
  } catch {
    return null;
  }
}
