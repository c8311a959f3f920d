/* The limit: `ws` sending ready bytes to each socket. A batch is serialised once for each distinct filter. */
import { createServer } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import { liveMessage } from './live-message.ts';
import type { LiveFilter } from './live-operation.ts';
import { filterBatch, type LiveBatch, toBatch } from './live-schema.ts';
import { serveLive } from './serve-live.ts';

const server = createServer();
const sockets = new WebSocketServer({ server, path: '/graphql', handleProtocols: () => 'graphql-transport-ws' });
/** Of the same filter, written as JSON. */
const groups = new Map<string, { filter: LiveFilter | undefined; sockets: Set<WebSocket> }>();

sockets.on('connection', (socket) => {
  socket.on('message', (data) => {
    const message = JSON.parse(String(data));
    if (message.type === 'connection_init') socket.send(JSON.stringify({ type: 'connection_ack' }));
    if (message.type !== 'subscribe') return;
    const filter = message.payload.variables?.filter as LiveFilter | undefined;
    const key = JSON.stringify(filter ?? null);
    const group = groups.get(key) ?? { filter, sockets: new Set() };
    groups.set(key, group);
    group.sockets.add(socket);
    socket.on('close', () => group.sockets.delete(socket));
  });
});

function send({ rows, last }: LiveBatch, receivers: Iterable<WebSocket>): void {
  const bytes = Buffer.from(liveMessage(rows, last));
  for (const socket of receivers) socket.send(bytes, { binary: false });
}

server.listen(0, '127.0.0.1', () =>
  serveLive({
    port: (server.address() as { port: number }).port,
    subscribers: () => [...groups.values()].reduce((count, group) => count + group.sockets.size, 0),
    publish: (rows) => {
      const batch = toBatch(rows);
      for (const group of groups.values()) {
        const part = filterBatch(batch, group.filter);
        if (part) send(part, group.sockets);
      }
    },
  }),
);
