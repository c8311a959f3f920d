import { connect, type Socket } from 'node:net';
import { until } from '../until.ts';
import type { HostileServer } from './hostile-server.ts';
import { openSocket } from './judge-answer.ts';
import type { Tally } from './tally.ts';

/**
 * More connections than may be, which say nothing, say half of something, or go without a goodbye. Those that are inside meanwhile are served on; when the silent ones have been
 * cut, everybody gets in again.
 */
export async function crowd(server: HostileServer, authorization: string, connections: number, tally: Tally): Promise<void> {
  const inside = await openSocket(server.webSocketUrl, authorization);
  let pongs = 0;
  inside.on('message', (data) => {
    if (String(data).includes('"pong"')) pongs++;
  });
  const sockets: Socket[] = [];
  try {
    for (let index = 0; index < connections; index++) {
      const socket = connect(server.port, '127.0.0.1');
      socket.on('error', () => {});
      if (index % 3 === 1) socket.write('GET /health HTTP/1.1\r\nHost: localhost\r\nX-Half');
      if (index % 3 === 2)
        socket.write('POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{');
      socket.resume();
      sockets.push(socket);
    }
    inside.send(JSON.stringify({ type: 'ping' }));
    await until('the one inside to be answered', () => pongs === 1, 30_000);
    tally.add('served while the door was full');
    // Some go as machines go that lose their power.
    for (const socket of sockets.slice(0, connections / 4)) socket.resetAndDestroy();
    await until('silent connections to be cut', () => sockets.every(({ destroyed }) => destroyed), 60_000);
    await until(
      'the door to be open again',
      () =>
        fetch(`${server.origin}/health`).then(
          ({ ok }) => ok,
          () => false,
        ),
      30_000,
    );
    tally.add('let in when the silent had been cut');
  } catch (error) {
    tally.violate(`a crowd of ${connections}: ${(error as Error).message}`);
  } finally {
    for (const socket of sockets) socket.destroy();
    inside.terminate();
  }
}
