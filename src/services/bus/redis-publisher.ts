import { ReplyError } from 'ioredis';
import type { BusMetrics } from './bus-metrics.ts';
import { createRedisLink, type RedisLink } from './redis-link.ts';

/** Most characters of messages that Redis has not answered yet: a handful of full batches of results. Only a server that hangs or a full network gets there. */
const UNANSWERED_CHARACTERS = 16 * 2 ** 20;

export interface RedisPublisherDeps {
  /** redis:// address; may hold a password, never log it. */
  readonly url: string;
  readonly random: () => number;
  readonly metrics: BusMetrics;
  readonly onUp: () => void;
  /** @param reason null: the server closed the connection without an error */
  readonly onDown: (reason: Error | null) => void;
}

/** The way out: what cannot go out at once is dropped and counted. */
export interface RedisPublisher extends Pick<RedisLink, 'isUp' | 'start' | 'look' | 'stop'> {
  publish(channel: string, text: string): void;
}

export function createRedisPublisher({ url, random, metrics, onUp, onDown }: RedisPublisherDeps): RedisPublisher {
  /** Redis is there and does not take our messages, e.g. because its user may not publish. */
  let refused = false;
  let unanswered = 0;
  const link = createRedisLink({ url, random, onUp: accepted, onDown });

  function accepted(): void {
    refused = false;
    onUp();
  }

  function failed(error: Error): void {
    // Other errors mean that the connection was lost, which the link tells.
    refused = error instanceof ReplyError;
    metrics.dropped(refused ? 'refused' : 'away');
    if (refused) onDown(error);
  }

  return {
    isUp: () => link.isUp() && !refused,
    start: link.start,
    look: link.look,
    publish(channel, text) {
      if (!link.isUp()) {
        metrics.dropped('away');
        return;
      }
      if (unanswered > 0 && unanswered + text.length > UNANSWERED_CHARACTERS) {
        metrics.dropped('backlog');
        return;
      }
      unanswered += text.length;
      link.client
        .publish(channel, text)
        .finally(() => {
          unanswered -= text.length;
        })
        .then(() => {
          metrics.published();
          if (refused) accepted();
        }, failed);
    },
    stop: link.stop,
  };
}
