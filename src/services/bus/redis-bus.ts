import { ReplyError } from 'ioredis';
import type { Logger } from 'pino';
import type { Bus } from './bus.ts';
import { createBusFormat } from './bus-format.ts';
import type { BusMetrics } from './bus-metrics.ts';
import { createChannelHandlers } from './channel-handlers.ts';
import { createRedisLink } from './redis-link.ts';

/** Most characters of messages that Redis has not answered yet: a handful of full batches of results. Only a server that hangs or a full network gets there. */
const UNANSWERED_CHARACTERS = 16 * 2 ** 20;

export interface RedisBusDeps {
  /** redis:// address; may hold a password, never log it. */
  readonly url: string;
  /** Address without secrets, for people. */
  readonly description: string;
  /** Of the database whose rows travel here: servers of another database may use the same Redis, even though Redis does not keep channels of its databases apart. */
  readonly databaseIdentity: string;
  /** Differs between processes: a process does not hear its own messages back. */
  readonly processId: string;
  readonly log: Logger;
  readonly metrics: BusMetrics;
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
  let subscription: 'none' | 'asked' | 'there' = 'none';
  /** Redis is there and does not take our messages, e.g. because its user may not publish. */
  let refused = false;
  let healthy = false;
  /** Once for each time it is away. */
  let isLossTold = false;
  let stopped = false;
  let unanswered = 0;
  let timer: NodeJS.Timeout | null = null;

  const publisher = createRedisLink({
    url,
    random,
    onUp() {
      refused = false;
      review();
    },
    onDown: lose,
  });
  const subscriber = createRedisLink({
    url,
    random,
    onUp: subscribe,
    onDown(reason) {
      subscription = 'none';
      lose(reason);
    },
  });

  /** Both ways have to be open: a process that only hears, or is only heard, misses half. */
  function review(): void {
    const now = publisher.isUp() && !refused && subscriber.isUp() && subscription === 'there';
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

  function subscribe(): void {
    subscription = 'asked';
    subscriber.client.psubscribe(`${prefix}*`).then(
      () => {
        subscription = 'there';
        review();
      },
      (error: Error) => {
        // Asked again at the next look, or when the connection is there again.
        subscription = 'none';
        lose(error);
      },
    );
  }

  function look(): void {
    publisher.look();
    subscriber.look();
    if (subscriber.isUp() && subscription === 'none') subscribe();
  }

  subscriber.client.on('pmessage', (_pattern: string, channel: string, text: string) => {
    const received = format.decode(text);
    if (received.kind === 'own') return;
    if (received.kind === 'message') {
      metrics.received();
      handlers.deliver(channel.slice(prefix.length), received.message);
      return;
    }
    metrics.ignored(received.reason);
    // Of another version there may be many: while a new version is rolled out.
    if (received.reason === 'malformed') log.warn({ channel }, 'bus message is malformed, ignored');
    else log.debug({ channel }, 'bus message of another version, ignored');
  });

  return {
    description: `Redis ${description}`,
    async start() {
      timer = setInterval(look, lookIntervalMs);
      // A Redis that is not there at the start is waited for in the background, like one that is lost later.
      await Promise.all([publisher.start(), subscriber.start()]);
    },
    publish(channel, message) {
      handlers.deliver(channel, message);
      if (stopped) return;
      if (!publisher.isUp()) {
        metrics.dropped('away');
        return;
      }
      const text = format.encode(message);
      if (unanswered > 0 && unanswered + text.length > UNANSWERED_CHARACTERS) {
        metrics.dropped('backlog');
        return;
      }
      unanswered += text.length;
      publisher.client.publish(prefix + channel, text).then(
        () => {
          unanswered -= text.length;
          metrics.published();
          refused = false;
          review();
        },
        (error: Error) => {
          unanswered -= text.length;
          refused = error instanceof ReplyError;
          metrics.dropped(refused ? 'refused' : 'away');
          if (refused) lose(error);
        },
      );
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
