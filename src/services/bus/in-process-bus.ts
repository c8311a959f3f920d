import type { Logger } from 'pino';
import type { Bus } from './bus.ts';
import { createChannelHandlers } from './channel-handlers.ts';

/** The bus of a server that runs alone. */
export function createInProcessBus({ log }: { log: Logger }): Bus {
  const handlers = createChannelHandlers(log);
  return {
    description: 'in-process',
    start: async () => {},
    publish: handlers.deliver,
    subscribe: handlers.add,
    isHealthy: () => true,
    stop: async () => {},
  };
}
