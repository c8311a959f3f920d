import { once } from 'node:events';
import type { Socket } from 'node:net';
import { WebSocket } from 'ws';

/** A client whose messages are large, so that little of what it does not read fits into the buffers of the system. */
export interface HeavyReader {
  /** Stops reading from the network. */
  stall(): void;
  readOn(): void;
  /** The code it was closed with; 1006: cut without one. */
  readonly closed: Promise<number>;
}

/** About 40 KB for each result. */
const COPIES = 40;

export async function startHeavyReader(webSocketUrl: string): Promise<HeavyReader> {
  const socket = new WebSocket(webSocketUrl, 'graphql-transport-ws');
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  await once(socket, 'open');
  const send = (message: object) => socket.send(JSON.stringify(message));
  const nextMessage = async () => JSON.parse(String((await once(socket, 'message'))[0])) as { type: string };
  send({ type: 'connection_init' });
  await nextMessage();
  const copies = Array.from({ length: COPIES }, (_, copy) => `reasons${copy}: reasons legs${copy}: legs { symbol quantity }`).join(' ');
  send({ id: '1', type: 'subscribe', payload: { query: `subscription Heavy { scanResults { cursor missed results { id ${copies} } } }` } });
  const { type } = await nextMessage();
  if (type !== 'next') throw new Error(`expected the first item, got ${type}`);
  const network = (socket as unknown as { _socket: Socket })._socket;
  return {
    stall: () => network.pause(),
    readOn: () => network.resume(),
    closed,
  };
}
