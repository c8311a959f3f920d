import type { Logger } from 'pino';
import type { Bus } from './bus.ts';
import { createBusFormat } from './bus-format.ts';
import type { BusMetrics } from './bus-metrics.ts';
import { createChannelHandlers } from './channel-handlers.ts';
import { createRedisPublisher } from './redis-publisher.ts';
import { createRedisSubscriber } from './redis-subscriber.ts';

export interface RedisBusDeps {
  /** redis:// address; may hold a password, never log it. */
  readonly url: string;
  /** Address without secrets, for people. */
  readonly description: string;
  /** Of the database whose rows travel here: servers of another one may use the same Redis, whose own databases do not keep channels apart. */
  readonly databaseIdentity: string;
  /** Differs between processes: a process does not hear its own messages back. */
  readonly processId: string;
  readonly log: Logger;
  readonly metrics: BusMetrics;
  /** Uniform in [0, 1); spreads the attempts of several processes to reconnect. */
  readonly random: () => number;
  /** How often Redis is asked whether it is there. One that is silent is given up after two to three times this. */
  readonly lookIntervalMs: number;
}

/** Redis pub/sub between processes. Handlers of the publishing process are called directly, so it goes on alone while Redis is away. */
export function createRedisBus(deps: RedisBusDeps): Bus {
  const { url, description, databaseIdentity, processId, log, metrics, random, lookIntervalMs } = deps;
  const prefix = `strikewire:${databaseIdentity}:`;
  const handlers = createChannelHandlers(log);
  const format = createBusFormat(processId);
  let healthy = false;
  /** Once for each time it is away. */
  let isLossTold = false;
  let stopped = false;
  let timer: NodeJS.Timeout | null = null;

  const publisher = createRedisPublisher({ url, random, metrics, onUp: review, onDown: lose });
  const subscriber = createRedisSubscriber({ url, random, prefix, onMessage: receive, onUp: review, onDown: lose });

  /** Both ways have to be open: a process that only hears, or is only heard, misses half. */
  function review(): void {
    const now = publisher.isUp() && subscriber.isUp();
    if (now === healthy || stopped) return;
    healthy = now;
    if (!healthy) return;
    isLossTold = false;
    log.info({ redis: description }, 'bus connected');
  }

  function lose(reason: Error | null): void {
    review();
    if (isLossTold || stopped) return;
    isLossTold = true;
    log.warn({ err: reason, redis: description }, 'bus away, events reach other processes through the database only');
  }

  function receive(channel: string, text: string): void {
    const received = format.decode(text);
    if (received.kind === 'own') return;
    if (received.kind === 'message') {
      metrics.received();
      handlers.deliver(channel, received.message);
      return;
    }
    metrics.ignored(received.reason);
    // Of another version there may be many: while a new version is rolled out.
    if (received.reason === 'malformed') log.warn({ channel }, 'bus message is malformed, ignored');
    else log.debug({ channel }, 'bus message of another version, ignored');
  }

  function look(): void {
    publisher.look();
    subscriber.look();
  }

  return {
    description: `Redis ${description}`,
    async start() {
      timer = setInterval(look, lookIntervalMs);
      // A Redis that is not there at the start is waited for in the background, like one that is lost later.
      await Promise.all([publisher.start(), subscriber.start()]);
    },
    publish(channel, message) {
      handlers.deliver(channel, message);
      if (!stopped) publisher.publish(prefix + channel, format.encode(message));
    },
    subscribe: handlers.add,
    isHealthy: () => healthy,
    async stop() {
      stopped = true;
      if (timer) clearInterval(timer);
      publisher.stop();
      subscriber.stop();
    },
  };
}
