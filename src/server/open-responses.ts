import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** The responses that are neither sent nor given up. */
export interface OpenResponses {
  add(response: ServerResponse): void;
  /** Of one connection, in the order of their requests. */
  on(socket: Socket): readonly ServerResponse[];
  count(): number;
  /** Resolves when all there are now have been sent or given up. */
  closed(): Promise<void>;
}

/** Each response tells that it is closed when it has been sent, or its connection is gone; those too that waited for others on their connection, of which Node.js tells nothing. */
export function createOpenResponses(): OpenResponses {
  const open = new Set<ServerResponse>();
  const byConnection = new WeakMap<Socket, Set<ServerResponse>>();

  function responsesOn(socket: Socket): Set<ServerResponse> {
    const known = byConnection.get(socket);
    if (known) return known;
    const responses = new Set<ServerResponse>();
    byConnection.set(socket, responses);
    socket.once('close', () => {
      for (const response of responses) if (!response.socket) giveUp(response);
    });
    return responses;
  }

  return {
    add(response) {
      const own = responsesOn(response.req.socket);
      own.add(response);
      open.add(response);
      response.once('close', () => {
        own.delete(response);
        open.delete(response);
      });
    },
    on: (socket) => [...(byConnection.get(socket) ?? [])],
    count: () => open.size,
    async closed() {
      await Promise.all([...open].map((response) => new Promise((resolve) => response.once('close', resolve))));
    },
  };
}

function giveUp(response: ServerResponse): void {
  response.destroy();
  response.emit('close');
}
