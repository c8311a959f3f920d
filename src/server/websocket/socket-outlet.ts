import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';

/** Bytes that may wait in a socket before subscribers hold theirs back; enough to keep a connection of some delay busy. */
const HIGH_WATER_BYTES = 65_536;

/** RFC 6455, section 5.2: a whole text message in one frame; servers do not mask. */
const FINAL_TEXT = 0x81;
const LENGTH_IN_16_BITS = 126;
const LENGTH_IN_64_BITS = 127;
/** Up to here copying the shared bytes costs less than a second write. */
const COPIED_BYTES = 4_096;

const NOTHING = Buffer.alloc(0);

/** The way out of one connection, for messages made for many. */
export interface SocketOutlet {
  /** False while too much of what was written before has not left; then `onWritable` handlers are called when it has. */
  isWritable(): boolean;
  /** Sends one text message: the bytes that are this subscriber's, then those it shares with others, which must not change any more. Nothing once the connection closes. */
  write(own: Buffer, shared: Buffer): void;
  /** Sends one text message in pieces, which must not change any more. Resolves when it has left, or cannot any more. */
  send(pieces: readonly Buffer[]): Promise<void>;
  /** Returns the end of listening. */
  onWritable(handler: () => void): () => void;
  close(code: number, reason: string): void;
}

/** A class, because there is one for each of many thousand connections: closures would weigh more than what it holds. */
class WebSocketOutlet implements SocketOutlet {
  readonly #socket: WebSocket;
  readonly #connection: Socket;
  /** Null until somebody has to wait. */
  #handlers: Set<() => void> | null = null;

  constructor(socket: WebSocket, connection: Socket) {
    this.#socket = socket;
    this.#connection = connection;
  }

  isWritable(): boolean {
    return this.#connection.writableLength < HIGH_WATER_BYTES && this.#socket.readyState === this.#socket.OPEN;
  }

  // Past ws, which would have to be given one buffer for each subscriber. Messages are not compressed, so none waits inside of it that this could overtake.
  write(own: Buffer, shared: Buffer): void {
    // Nothing may follow the frame that closes a connection.
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    const connection = this.#connection;
    const length = own.length + shared.length;
    if (length <= COPIED_BYTES) {
      const frame = frameStart(own, length, shared.length);
      shared.copy(frame, frame.length - shared.length);
      connection.write(frame);
      return;
    }
    connection.cork();
    connection.write(frameStart(own, length, 0));
    connection.write(shared);
    connection.uncork();
  }

  send(pieces: readonly Buffer[]): Promise<void> {
    if (this.#socket.readyState !== this.#socket.OPEN) return Promise.resolve();
    const connection = this.#connection;
    const length = pieces.reduce((bytes, piece) => bytes + piece.length, 0);
    return new Promise((resolve) => {
      connection.cork();
      connection.write(frameStart(NOTHING, length, 0));
      for (const piece of pieces) connection.write(piece);
      connection.write(NOTHING, () => resolve());
      connection.uncork();
    });
  }

  onWritable(handler: () => void): () => void {
    if (!this.#handlers) {
      const handlers = new Set<() => void>();
      this.#handlers = handlers;
      this.#connection.on('drain', () => {
        for (const listening of handlers) listening();
      });
    }
    const handlers = this.#handlers.add(handler);
    return () => void handlers.delete(handler);
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }
}

export function createSocketOutlet(socket: WebSocket, connection: Socket): SocketOutlet {
  return new WebSocketOutlet(socket, connection);
}

/** The header of a frame and the subscriber's own bytes, with room for more behind them. */
function frameStart(own: Buffer, length: number, room: number): Buffer {
  const headerLength = length < LENGTH_IN_16_BITS ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(headerLength + own.length + room);
  frame[0] = FINAL_TEXT;
  if (headerLength === 2) frame[1] = length;
  else if (headerLength === 4) {
    frame[1] = LENGTH_IN_16_BITS;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = LENGTH_IN_64_BITS;
    frame.writeUInt32BE(Math.floor(length / 2 ** 32), 2);
    frame.writeUInt32BE(length % 2 ** 32, 6);
  }
  own.copy(frame, headerLength);
  return frame;
}
