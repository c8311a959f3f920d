import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';

/** Bytes that may wait in a socket before subscribers hold theirs back; enough to keep a connection of some delay busy. */
const HIGH_WATER_BYTES = 65_536;

const FRAME = { binary: false, compress: false, fin: true } as const;

/** The way out of one connection, for messages made for many. */
export interface SocketOutlet {
  /** False while too much of what was written before has not left; then `onWritable` handlers are called when it has. */
  isWritable(): boolean;
  /** Sends one text message: the bytes that are this subscriber's, then those it shares with others. */
  write(own: Buffer, shared: Buffer): void;
  /** Returns the end of listening. */
  onWritable(handler: () => void): () => void;
  close(code: number, reason: string): void;
}

export function createSocketOutlet(socket: WebSocket, connection: Socket): SocketOutlet {
  const handlers = new Set<() => void>();
  let listening = false;

  function onDrain(): void {
    for (const handler of handlers) handler();
  }

  return {
    isWritable: () => connection.writableLength < HIGH_WATER_BYTES && socket.readyState === socket.OPEN,
    write(own, shared) {
      const bytes = Buffer.allocUnsafe(own.length + shared.length);
      own.copy(bytes);
      shared.copy(bytes, own.length);
      socket.send(bytes, FRAME);
    },
    onWritable(handler) {
      handlers.add(handler);
      if (!listening) connection.on('drain', onDrain);
      listening = true;
      return () => handlers.delete(handler);
    },
    close: (code, reason) => socket.close(code, reason),
  };
}
