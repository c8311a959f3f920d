import type { Logger } from 'pino';
import type { BusMessage } from './bus.ts';

export interface ChannelHandlers {
  add(channel: string, handler: (message: BusMessage) => void): () => void;
  deliver(channel: string, message: BusMessage): void;
  channels(): readonly string[];
}

/** The handlers of one process. One that throws is logged and does not keep the message from the others. */
export function createChannelHandlers(log: Logger): ChannelHandlers {
  const byChannel = new Map<string, Set<(message: BusMessage) => void>>();
  return {
    add(channel, handler) {
      const handlers = byChannel.get(channel) ?? new Set();
      byChannel.set(channel, handlers);
      handlers.add(handler);
      return () => {
        handlers.delete(handler);
        if (handlers.size === 0 && byChannel.get(channel) === handlers) byChannel.delete(channel);
      };
    },
    deliver(channel, message) {
      for (const handler of byChannel.get(channel) ?? []) {
        try {
          handler(message);
        } catch (error) {
          log.error({ err: error, channel }, 'a bus handler failed');
        }
      }
    },
    channels: () => [...byChannel.keys()],
  };
}
