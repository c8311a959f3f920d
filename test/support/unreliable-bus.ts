import type { BusMessage } from '../../src/services/bus/bus.ts';

/** A link between processes as bad as a link may be: loses messages, repeats them, and lets them overtake each other. */
export interface UnreliableBus {
  publish(channel: string, message: BusMessage): void;
  subscribe(channel: string, handler: (message: BusMessage) => void): () => void;
  /** Everything still under way arrives or is lost. */
  settle(): void;
}

export function createUnreliableBus({ random }: { random: () => number }): UnreliableBus {
  const handlers = new Set<(message: BusMessage) => void>();
  const underWay = new Set<() => void>();
  return {
    publish(_channel, message) {
      for (const handler of handlers) {
        const fate = random();
        if (fate < 0.25) continue;
        for (let copies = fate > 0.9 ? 2 : 1; copies > 0; copies--) {
          const arrive = () => {
            if (!underWay.delete(arrive)) return;
            handler(message);
          };
          underWay.add(arrive);
          if (fate < 0.6) arrive();
          else setTimeout(arrive, random() * 40);
        }
      }
    },
    subscribe(_channel, handler) {
      handlers.add(handler);
      return () => handlers.delete(handler);
    },
    settle() {
      for (const arrive of underWay) arrive();
    },
  };
}
