import { monitorEventLoopDelay } from 'node:perf_hooks';
import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client';

const RESOLUTION_MS = 5;

export interface ProcessMetrics {
  /** From now on delays of the event loop count. Before the server listens nobody waits for it, and loading modules holds it up for long. */
  watchEventLoop(): void;
  stop(): void;
}

/** Process, heap and garbage collection from prom-client, and the greatest delay of the event loop between two collections. */
export function startProcessMetrics(registry: Registry): ProcessMetrics {
  collectDefaultMetrics({ register: registry });
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  new Gauge({
    name: 'strikewire_event_loop_delay_max_seconds',
    help: 'Longest time the event loop was held up since the last collection.',
    registers: [registry],
    collect() {
      // The histogram counts the timer's own interval as delay.
      this.set(Math.max(0, delay.max / 1e9 - RESOLUTION_MS / 1e3));
      delay.reset();
    },
  });
  return { watchEventLoop: () => delay.enable(), stop: () => delay.disable() };
}
