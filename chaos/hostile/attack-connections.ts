import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { judgeAnswer, judgeClose } from './judge-answer.ts';
import { type RawFrames, rawFrames } from './raw-frames.ts';
import { type RawRequest, rawRequests } from './raw-requests.ts';
import type { Tally } from './tally.ts';

export interface AttackDeps {
  readonly port: number;
  readonly authorization: string;
  readonly tally: Tally;
}

const END_MS = 30_000;
/** How often somebody who drips sends the next drop. */
const DRIP_MS = 20;
const AT_ONCE = 6;
const READ_EVERY = 100;
/** A connection that may go on is looked at after this many messages of it have been answered, or this long. */
const LOOK_MS = 1_000;

interface Ended {
  readonly received: Buffer;
  readonly isClosed: boolean;
}

/** Requests that are none, too long, too slow or too many, each on a connection of its own. */
export async function attackHttp({ port, authorization, tally }: AttackDeps): Promise<void> {
  await inGroups(rawRequests(authorization), async (request) => {
    const { received, isClosed } = await sendRequest(port, request);
    const text = received.toString('latin1');
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1] ?? 0);
    if (!isClosed) tally.violate(`${request.name}: expected an end within ${END_MS} ms, got ${text.slice(0, 200)}`);
    else if (status === 0 && request.mayBeCut === true) tally.add('HTTP connection cut');
    else if (status === 0) tally.violate(`${request.name}: expected an answer, got ${JSON.stringify(text.slice(0, 200))}`);
    else if (request.status !== undefined && status !== request.status)
      tally.violate(`${request.name}: expected ${request.status}, got ${text.slice(0, 300)}`);
    else if (!/\r\nx-request-id: \S+\r\n/i.test(text)) tally.violate(`${request.name}: expected a request id, got ${text.slice(0, 300)}`);
    else tally.add(judged(() => judgeAnswer(status, text), request.name, tally));
  });
}

/** Frames that are none, too long or too many, each on a WebSocket of its own. */
export async function attackWebSockets({ port, authorization, tally }: AttackDeps): Promise<void> {
  await inGroups(rawFrames(authorization), async (frames) => {
    const { received, isClosed } = await sendFrames(port, frames);
    const end = received.indexOf('\r\n\r\n');
    if (end === -1 || !received.toString('latin1').startsWith('HTTP/1.1 101 '))
      tally.violate(`${frames.name}: expected a WebSocket, got ${received.toString('latin1').slice(0, 200)}`);
    else if (frames.isFatal && !isClosed) tally.violate(`${frames.name}: expected the connection to be closed, it goes on`);
    else if (/INTERNAL_SERVER_ERROR|Unexpected error/.test(received.toString('latin1')))
      tally.violate(
        `${frames.name}: expected a clear refusal, got ${received
          .subarray(end + 4)
          .toString('latin1')
          .slice(0, 300)}`,
      );
    else tally.add(isClosed ? framesClosed(received.subarray(end + 4), frames.name, tally) : 'frames taken');
  });
}

function framesClosed(bytes: Buffer, name: string, tally: Tally): string {
  const code = closeCode(bytes);
  // Whoever goes on sending may lose what it was told.
  return code === null ? 'frames cut' : judged(() => judgeClose(code, '').replace('WebSocket', 'frames'), name, tally);
}

function judged(judge: () => string, name: string, tally: Tally): string {
  try {
    return judge();
  } catch (error) {
    tally.violate(`${name}: ${(error as Error).message}`);
    return 'HTTP wrong';
  }
}

async function inGroups<T>(items: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let item = left.shift(); item !== undefined; item = left.shift()) await run(item);
    }),
  );
}

async function sendRequest(port: number, { parts, forever, isHalfClosed }: RawRequest): Promise<Ended> {
  const connection = open(port);
  for (const part of parts) await write(connection.socket, part);
  if (isHalfClosed) connection.socket.end();
  while (forever !== undefined && !connection.socket.destroyed && connection.received().length === 0) {
    await write(connection.socket, forever.repeat(forever.length === 1 ? 1 : 200));
    await new Promise((resolve) => setTimeout(resolve, DRIP_MS));
  }
  return connection.ended(END_MS);
}

async function sendFrames(port: number, { parts, repeat, isFatal }: RawFrames): Promise<Ended> {
  const connection = open(port);
  await write(
    connection.socket,
    'GET /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n',
  );
  for (const part of parts) await write(connection.socket, part);
  await connection.answered();
  for (let count = 0; repeat && count < repeat.times && !connection.socket.destroyed; count++) {
    await write(connection.socket, repeat.part);
    // What is written at once would otherwise leave no time to read.
    if (count % READ_EVERY === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return connection.ended(
    isFatal ? END_MS : LOOK_MS,
    (received) => closeCode(received.subarray(received.indexOf('\r\n\r\n') + 4)) !== null,
  );
}

/** Resolves when it has left, so that the flood is the server's and not this program's. */
function write(socket: Socket, bytes: string | Buffer): Promise<void> {
  return new Promise((resolve) => {
    if (socket.destroyed || !socket.writable) return resolve();
    const done = () => {
      socket.off('close', done);
      resolve();
    };
    socket.once('close', done);
    socket.write(bytes, done);
  });
}

function open(port: number) {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const chunks: Buffer[] = [];
  let isClosed = false;
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  // The server has ended or reset it: either way it is over.
  socket.on('error', () => {
    isClosed = true;
  });
  socket.on('end', () => {
    isClosed = true;
    socket.destroy();
  });
  return {
    socket,
    received: () => Buffer.concat(chunks),
    /** Until the first bytes are there, or none can come any more. */
    async answered(): Promise<void> {
      const deadline = performance.now() + END_MS;
      while (chunks.length === 0 && !isClosed && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, DRIP_MS));
    },
    /** @param isOver whether the other side has said goodbye, and only waits for ours */
    async ended(timeoutMs: number, isOver: (received: Buffer) => boolean = () => false): Promise<Ended> {
      const deadline = performance.now() + timeoutMs;
      while (!isClosed && !socket.destroyed && !isOver(Buffer.concat(chunks)) && performance.now() < deadline)
        await new Promise((resolve) => setTimeout(resolve, DRIP_MS));
      const closed = isClosed || socket.destroyed || isOver(Buffer.concat(chunks));
      if (!socket.destroyed) {
        socket.destroy();
        await once(socket, 'close');
      }
      return { received: Buffer.concat(chunks), isClosed: closed };
    },
  };
}

/** Of the last frame, when it closes the connection. */
function closeCode(bytes: Buffer): number | null {
  for (let at = 0; at + 2 <= bytes.length; ) {
    const opcode = bytes[at]! & 15;
    const short = bytes[at + 1]! & 127;
    const head = short === 127 ? 10 : short === 126 ? 4 : 2;
    const length = short === 127 ? Number(bytes.readBigUInt64BE(at + 2)) : short === 126 ? bytes.readUInt16BE(at + 2) : short;
    if (opcode === 8) return length >= 2 ? bytes.readUInt16BE(at + head) : 1005;
    at += head + length;
  }
  return null;
}
