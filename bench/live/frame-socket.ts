import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';

/**
 * The least a WebSocket client can be: it costs so little that thousands of them on the same machine leave the server's time alone. Server frames only: never masked;
 * extensions are not asked for, messages are not split by any of the servers measured.
 */
export interface FrameSocket {
  send(text: string): void;
  /** A lazy socket is read now and then only, several messages at a time. */
  setLazy(isLazy: boolean): void;
  /** Lets a lazy socket read once. */
  read(): void;
  destroy(): void;
}

export interface FrameSocketOptions {
  readonly port: number;
  readonly path: string;
  /** Source address; each has ports of its own. */
  readonly localAddress: string;
  /** A text message lies in the chunk from start to end. The chunk is not used again. */
  readonly onMessage: (chunk: Buffer, start: number, end: number) => void;
  readonly onClose: () => void;
}

const TEXT = 1;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

export function openFrameSocket({ port, path, localAddress, onMessage, onClose }: FrameSocketOptions): Promise<FrameSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', localAddress, noDelay: true });
    let rest: Buffer | null = null;
    let upgraded = false;
    let lazy = false;
    socket.on('connect', () => {
      const key = randomBytes(16).toString('base64');
      const lines = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', `Sec-WebSocket-Key: ${key}`];
      socket.write(
        `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${lines.join('\r\n')}\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n`,
      );
    });
    socket.on('error', reject);
    socket.on('close', () => (upgraded ? onClose() : reject(new Error('expected an upgrade, got the end of the connection'))));
    socket.on('data', (data) => {
      let chunk = rest ? Buffer.concat([rest, data]) : data;
      rest = null;
      if (!upgraded) {
        const end = chunk.indexOf('\r\n\r\n');
        if (end < 0) {
          rest = chunk;
          return;
        }
        const status = chunk.toString('latin1', 0, chunk.indexOf('\r\n'));
        if (!status.includes(' 101 ')) {
          reject(new Error(`expected status 101, got ${status}`));
          return;
        }
        upgraded = true;
        chunk = chunk.subarray(end + 4);
        resolve(handle);
      }
      const used = readFrames(chunk);
      if (used < chunk.length) rest = chunk.subarray(used);
      if (lazy) socket.pause();
    });

    /** @returns the bytes of whole frames */
    function readFrames(chunk: Buffer): number {
      let offset = 0;
      while (offset + 2 <= chunk.length) {
        let length = chunk[offset + 1]!;
        let start = offset + 2;
        if (length === 126) {
          if (offset + 4 > chunk.length) return offset;
          length = chunk.readUInt16BE(start);
          start += 2;
        } else if (length === 127) {
          if (offset + 10 > chunk.length) return offset;
          length = Number(chunk.readBigUInt64BE(start));
          start += 8;
        }
        if (start + length > chunk.length) return offset;
        const opcode = chunk[offset]! & 15;
        if (opcode === TEXT) onMessage(chunk, start, start + length);
        else if (opcode === PING) socket.write(maskedFrame(PONG, chunk.subarray(start, start + length)));
        else if (opcode === CLOSE) socket.destroy();
        offset = start + length;
      }
      return offset;
    }

    const handle: FrameSocket = {
      send: (text) => socket.write(maskedFrame(TEXT, Buffer.from(text))),
      setLazy(isLazy) {
        lazy = isLazy;
        if (lazy) socket.pause();
        else socket.resume();
      },
      read: () => socket.resume(),
      destroy: () => socket.destroy(),
    };
  });
}

/** With a mask of zeros, which is a mask too. */
function maskedFrame(opcode: number, payload: Buffer): Buffer {
  const long = payload.length > 125;
  const head = Buffer.alloc(long ? 8 : 6);
  head[0] = 0x80 | opcode;
  head[1] = 0x80 | (long ? 126 : payload.length);
  if (long) head.writeUInt16BE(payload.length, 2);
  return Buffer.concat([head, payload]);
}
