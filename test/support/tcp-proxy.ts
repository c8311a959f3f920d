import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { choosePort } from '../../src/db/embedded/choose-port.ts';

const HOST = '127.0.0.1';

export interface TcpProxy {
  readonly port: number;
  /** Open now. */
  connections(): number;
  /** Cuts every connection; new ones are refused. */
  cut(): void;
  restore(): Promise<void>;
  /** Keeps connections open and lets nothing through: what a server that hangs looks like. */
  pause(): void;
  resume(): void;
  /** Lets new connections through again; those that were paused stay dead, as after a failure of the network between. */
  forget(): void;
  close(): void;
}

/** A door between a program and a server that can be shut: what a lost or restarting server looks like. */
export async function startTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  /** Each with the one its data go to. */
  const sockets = new Map<Socket, Socket>();
  let flowing = true;
  const server = createServer((inside) => {
    const outside = connect(target);
    for (const [socket, other] of [
      [inside, outside],
      [outside, inside],
    ] as const) {
      sockets.set(socket, other);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      if (flowing) socket.pipe(other);
    }
  });
  const listen = (port: number) => once(server.listen(port, HOST), 'listening');
  // None that others may be given while it is shut.
  const freePort = () => choosePort({ host: HOST, preferred: null, random: Math.random });
  let port = await freePort();
  // Another may have been quicker.
  for (let isOpen = false; !isOpen; ) {
    isOpen = await listen(port).then(
      () => true,
      () => false,
    );
    if (!isOpen) port = await freePort();
  }
  const cut = () => {
    server.close();
    for (const socket of sockets.keys()) socket.destroy();
  };
  return {
    port,
    connections: () => sockets.size / 2,
    cut,
    async restore() {
      await listen(port);
    },
    pause: () => {
      flowing = false;
      for (const [socket, other] of sockets) socket.unpipe(other);
    },
    resume: () => {
      flowing = true;
      for (const [socket, other] of sockets) socket.pipe(other);
    },
    forget: () => {
      flowing = true;
    },
    close: cut,
  };
}
