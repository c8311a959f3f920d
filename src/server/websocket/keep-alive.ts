import type { WebSocket } from 'ws';

/** Sockets are spread over this many moments of the interval. */
const SLOTS = 32;

/** Pings every open socket once per interval and cuts those that have not answered the last ping: one timer for all of them. */
export interface KeepAlive {
  add(socket: WebSocket): void;
  stop(): void;
}

export function createKeepAlive({ intervalMs }: { intervalMs: number }): KeepAlive {
  const slots = Array.from({ length: SLOTS }, () => new Set<WebSocket>());
  /** Pinged, and not heard of since. */
  const silent = new Set<WebSocket>();
  let current = 0;
  let next = 0;
  const timer = setInterval(turn, intervalMs / SLOTS);
  timer.unref();

  function turn(): void {
    current = (current + 1) % SLOTS;
    for (const socket of slots[current]!) {
      if (silent.has(socket)) {
        socket.terminate();
        continue;
      }
      silent.add(socket);
      socket.ping();
    }
  }

  // The same for all sockets: closures for each would weigh more than everything else here.
  function onPong(this: WebSocket): void {
    silent.delete(this);
  }

  function onClose(this: WebSocket): void {
    silent.delete(this);
    for (const slot of slots) if (slot.delete(this)) return;
  }

  return {
    add(socket) {
      // Those that connect together are pinged one slot after the other.
      next = (next + 1) % SLOTS;
      slots[next]!.add(socket);
      socket.on('pong', onPong);
      socket.on('close', onClose);
    },
    stop: () => clearInterval(timer),
  };
}
