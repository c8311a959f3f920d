import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { createSocketOutlet, type SocketOutlet } from '../../src/server/websocket/socket-outlet.ts';

const closing: (() => void)[] = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function connect(): Promise<{ outlet: SocketOutlet; client: WebSocket; server: WebSocket; received: string[] }> {
  const http = createServer();
  const sockets = new WebSocketServer({ server: http });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const connected = once(sockets, 'connection');
  const client = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`);
  const received: string[] = [];
  client.on('message', (message) => received.push(String(message)));
  const [[server, request]] = await Promise.all([connected, once(client, 'open')]);
  closing.push(
    () => client.terminate(),
    () => sockets.close(),
    () => http.close(),
  );
  return { outlet: createSocketOutlet(server, request.socket), client, server, received };
}

it('messages of every length arrive whole and in order, between those of ws', async () => {
  const { outlet, server, received } = await connect();
  const expected: string[] = [];
  // On both sides of where the form of the length changes, and where bytes are no longer copied.
  for (const length of [1, 60, 119, 120, 121, 126, 4_090, 4_096, 4_097, 65_529, 65_530, 65_531, 65_536, 300_000]) {
    const shared = 'ü'.repeat(Math.floor(length / 2)) + 'x'.repeat(length % 2);
    outlet.write(Buffer.from('{"a":'), Buffer.from(shared));
    expected.push(`{"a":${shared}`);
    server.send(`ws ${length}`);
    expected.push(`ws ${length}`);
  }
  await vi.waitFor(() => expect(received).toHaveLength(expected.length));
  expect(received).toEqual(expected);
});

it('messages in pieces arrive whole, and are known to have left', async () => {
  const { outlet, client, server, received } = await connect();
  const pieces = Array.from({ length: 300 }, (_piece, index) => Buffer.from(`${index}`.repeat(20_000)));
  client.pause();
  let hasLeft = false;
  const sent = outlet.send(pieces).then(() => {
    hasLeft = true;
  });
  server.send('ws');
  void outlet.send([]);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(hasLeft).toBe(false);
  client.resume();
  await sent;
  await vi.waitFor(() => expect(received).toHaveLength(3));
  expect(received).toEqual([String(Buffer.concat(pieces)), 'ws', '']);
});

it('does not wait for ever to have sent to a client that goes away', async () => {
  const { outlet, client, server } = await connect();
  client.pause();
  const sent = outlet.send([Buffer.alloc(30_000_000, 'x')]);
  client.terminate();
  await sent;
  await vi.waitFor(() => expect(server.readyState).toBe(server.CLOSED));
  await outlet.send([Buffer.from('too late')]);
});

it('is not writable while a client does not read, and says when it is again', async () => {
  const { outlet, client, received } = await connect();
  client.pause();
  const message = Buffer.alloc(50_000, 'x');
  let written = 0;
  await vi.waitFor(() => {
    for (; outlet.isWritable() && written < 2_000; written++) outlet.write(Buffer.from('y'), message);
    expect(outlet.isWritable()).toBe(false);
  });
  const writable = new Promise<void>((resolve) => outlet.onWritable(resolve));
  client.resume();
  await writable;
  await vi.waitFor(() => expect(received).toHaveLength(written));
});
