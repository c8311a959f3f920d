import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createOpenResponses, type OpenResponses } from '../../../src/server/open-responses.ts';

let responses: ServerResponse[];
let sockets: Socket[];
let closes: number;
let open: OpenResponses;
const server = createServer((request, response) => {
  responses.push(response);
  sockets.push(request.socket);
  response.on('close', () => closes++);
  open.add(response);
});

beforeEach(async () => {
  responses = [];
  sockets = [];
  closes = 0;
  open = createOpenResponses();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** So many requests at once on one connection. */
async function ask(count: number): Promise<Socket> {
  const before = responses.length;
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  client.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n'.repeat(count));
  await vi.waitFor(() => expect(responses).toHaveLength(before + count));
  return client;
}

describe('responses', () => {
  it('are open until they are sent, connection by connection', async () => {
    const first = await ask(3);
    const second = await ask(1);
    expect(open.count()).toBe(4);
    expect(open.on(sockets[0]!)).toEqual(responses.slice(0, 3));
    expect(open.on(sockets[3]!)).toEqual(responses.slice(3));
    const allClosed = open.closed();
    for (const response of responses) response.end('so');
    await allClosed;
    expect([open.count(), closes]).toEqual([0, 4]);
    expect(open.on(sockets[0]!)).toEqual([]);
    await vi.waitFor(() => expect(sockets[0]!.listenerCount('close')).toBeLessThan(10));
    first.destroy();
    second.destroy();
  });

  it('are given up with their connection, once each, those behind the first one too', async () => {
    const client = await ask(8);
    const other = await ask(2);
    // The first has begun, the second waits, whole; nothing has come of the others.
    responses[0]!.write('a part');
    responses[1]!.end('all');
    const allClosed = open.closed();
    client.destroy();
    await vi.waitFor(() => expect(open.count()).toBe(2));
    expect(closes).toBe(8);
    expect(responses.slice(0, 8).every(({ destroyed }) => destroyed)).toBe(true);
    // Whoever has not heard of it does no harm.
    responses[5]!.write('a part');
    responses[5]!.end();
    other.destroy();
    await allClosed;
    expect([open.count(), closes]).toEqual([0, 10]);
  });
});
