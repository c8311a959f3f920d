import { createRedisLink, type RedisLink } from './redis-link.ts';

export interface RedisSubscriberDeps {
  /** redis:// address; may hold a password, never log it. */
  readonly url: string;
  readonly random: () => number;
  /** Beginning of the names of all channels of interest; without signs that mean something in patterns of Redis. */
  readonly prefix: string;
  /** @param channel without the prefix */
  readonly onMessage: (channel: string, text: string) => void;
  readonly onUp: () => void;
  /** @param reason null: the server closed the connection without an error */
  readonly onDown: (reason: Error | null) => void;
}

/** The way in; up while messages come. */
export type RedisSubscriber = Pick<RedisLink, 'isUp' | 'start' | 'look' | 'stop'>;

export function createRedisSubscriber({ url, random, prefix, onMessage, onUp, onDown }: RedisSubscriberDeps): RedisSubscriber {
  let subscription: 'none' | 'asked' | 'there' = 'none';
  const link = createRedisLink({ url, random, onUp: subscribe, onDown: lost });

  function lost(reason: Error | null): void {
    subscription = 'none';
    onDown(reason);
  }

  function subscribe(): void {
    subscription = 'asked';
    link.client.psubscribe(`${prefix}*`).then(() => {
      subscription = 'there';
      onUp();
    }, lost);
  }

  link.client.on('pmessage', (_pattern: string, channel: string, text: string) => onMessage(channel.slice(prefix.length), text));

  return {
    isUp: () => link.isUp() && subscription === 'there',
    start: link.start,
    look() {
      link.look();
      // It was refused, e.g. because its user may not subscribe.
      if (link.isUp() && subscription === 'none') subscribe();
    },
    stop: link.stop,
  };
}
