import { createBoundedQueue } from './bounded-queue.ts';

/** The newest reading at most once per interval, to everybody, from one timer that runs only while somebody listens. */
export interface LiveStatus<Reading> {
  /** The present reading at once, then each interval; a slow reader gets the newest, not all. */
  subscribe(): AsyncIterableIterator<Reading>;
  subscribers(): number;
  stop(): void;
}

export function createLiveStatus<Reading>({ read, intervalMs }: { read: () => Reading; intervalMs: number }): LiveStatus<Reading> {
  type Listener = { close(): void; offer(reading: Reading): void };
  const open = new Set<Listener>();
  let timer: NodeJS.Timeout | null = null;

  function tick(): void {
    const reading = read();
    for (const listener of open) listener.offer(reading);
  }

  return {
    subscribe() {
      // Room for one: while it is taken, the reader is behind and the next reading replaces nothing but waits for the next tick.
      const queue = createBoundedQueue<Reading>({
        capacity: 1,
        onEnd: () => {
          open.delete(listener);
          if (open.size === 0 && timer) {
            clearInterval(timer);
            timer = null;
          }
        },
      });
      const listener: Listener = { close: () => queue.close(), offer: (reading) => queue.push(reading, 1) };
      open.add(listener);
      timer ??= setInterval(tick, intervalMs);
      listener.offer(read());
      return queue;
    },
    subscribers: () => open.size,
    stop() {
      for (const listener of open) listener.close();
    },
  };
}
