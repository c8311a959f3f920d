import type { WebSocket } from 'ws';

/** Sockets are spread over this many moments of the interval. */
const SLOTS = 32;

/** Pings every open socket once per interval and cuts those that have not answered the last ping: one timer for all of them. */
export interface KeepAlive {
  add(socket: WebSocket): void;
  stop(): void;
}

export function createKeepAlive({ intervalMs }: { intervalMs: number }): KeepAlive {
  const slots = Array.from({ length: SLOTS }, () => new Map<WebSocket, { answered: boolean }>());
  let current = 0;
  let next = 0;
  const timer = setInterval(turn, intervalMs / SLOTS);
  timer.unref();

  function turn(): void {
    current = (current + 1) % SLOTS;
    for (const [socket, state] of slots[current]!) {
      if (!state.answered) {
        socket.terminate();
        continue;
      }
      state.answered = false;
      socket.ping();
    }
  }

  return {
    add(socket) {
      // Those that connect together are pinged one slot after the other.
      next = (next + 1) % SLOTS;
      const slot = slots[next]!;
      const state = { answered: true };
      slot.set(socket, state);
      socket.on('pong', () => {
        state.answered = true;
      });
      socket.once('close', () => slot.delete(socket));
    },
    stop: () => clearInterval(timer),
  };
}
