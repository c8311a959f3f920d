import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocketServer } from 'ws';
import { rawRefusal } from '../raw-refusal.ts';
import { requestIdFrom } from '../request-context.ts';

export interface AcceptUpgradesDeps {
  readonly server: Server;
  /** Made with `noServer`. */
  readonly sockets: WebSocketServer;
  /** The only path there are WebSockets on. */
  readonly path: string;
  readonly newId: () => string;
  /** Whether a page of this origin may connect; undefined: not a browser. */
  readonly isOriginAllowed: (origin: string | undefined, host: string | undefined) => boolean;
}

/** Not a closure of the upgrade: one would keep its request in memory as long as the socket. */
function destroyItself(this: Duplex): void {
  this.destroy();
}

/** Turns requests into WebSockets, or refuses them with a reason; every answer has the id of its request. Returns the end of it. */
export function acceptUpgrades({ server, sockets, path, newId, isOriginAllowed }: AcceptUpgradesDeps): () => void {
  const ids = new WeakMap<IncomingMessage, string>();

  function refuse(request: IncomingMessage, socket: Duplex, status: number, code: string, message: string): void {
    socket.end(rawRefusal({ status, code, message, requestId: ids.get(request)! }), () => socket.destroy());
  }

  function onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    ids.set(request, requestIdFrom(request.headers['x-request-id'], newId));
    // From here on nobody else listens.
    socket.on('error', destroyItself);
    const { origin, host } = request.headers;
    if (request.url?.split('?', 1)[0] !== path)
      refuse(request, socket, 404, 'NOT_FOUND', `expected a WebSocket on ${path}, got another path`);
    else if (!isOriginAllowed(origin, host))
      refuse(request, socket, 403, 'FORBIDDEN', 'expected a WebSocket from this server or from an origin in CORS_ORIGINS, got another one');
    else sockets.handleUpgrade(request, socket, head, (webSocket) => sockets.emit('connection', webSocket, request));
  }

  server.on('upgrade', onUpgrade);
  sockets.on('wsClientError', (error, socket, request) => {
    refuse(
      request,
      socket,
      request.method === 'GET' ? 400 : 405,
      'BAD_REQUEST',
      `expected the opening of a WebSocket (version 13), got: ${error.message}`,
    );
  });
  sockets.on('headers', (headers, request) => headers.push(`x-request-id: ${ids.get(request)}`));
  return () => server.off('upgrade', onUpgrade);
}
