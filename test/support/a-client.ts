import { WebSocket } from 'ws';
import type { ClientEvents } from '../../src/client/client-events.ts';
import { createStrikewireClient } from '../../src/client/create-strikewire-client.ts';
import type { StrikewireClient, StrikewireClientOptions } from '../../src/client/strikewire-client.ts';

const NAMES = ['connecting', 'connected', 'disconnected', 'reconnecting', 'resubscribing', 'renewed', 'renewalFailed', 'gap'] as const;

export interface ObservedClient extends StrikewireClient {
  /** The names of all events so far. */
  names(): string[];
  /** What came with the events of a name, in order. */
  told<Name extends keyof ClientEvents>(name: Name): ClientEvents[Name][];
}

/** A client of Strikewire with everything it tells. Pauses are as long as they may be. */
export function aClient(options: Pick<StrikewireClientOptions, 'url'> & Partial<StrikewireClientOptions>): ObservedClient {
  const client = createStrikewireClient({ webSocketImpl: WebSocket, random: () => 1, ...options });
  const events: { name: string; event: unknown }[] = [];
  for (const name of NAMES) client.on(name, (event) => events.push({ name, event }));
  return Object.assign(Object.create(client) as StrikewireClient, {
    names: () => events.map(({ name }) => name),
    told: <Name extends keyof ClientEvents>(name: Name) =>
      events.filter((entry) => entry.name === name).map(({ event }) => event as ClientEvents[Name]),
  });
}
