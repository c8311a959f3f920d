import { setTimeout as delay } from 'node:timers/promises';
import { Registry } from 'prom-client';
import { afterEach, expect, it } from 'vitest';
import { type ProcessMetrics, startProcessMetrics } from '../../../src/server/process-metrics.ts';

const HELD_UP_MS = 100;

let metrics: ProcessMetrics;

afterEach(() => metrics.stop());

it('counts delays of the event loop from when it is told to on: loading modules is nobody’s delay', async () => {
  const registry = new Registry();
  metrics = startProcessMetrics(registry);
  await holdUp();
  metrics.watchEventLoop();
  expect(await longestDelay(registry)).toBe(0);
  await holdUp();
  expect(await longestDelay(registry)).toBeGreaterThan((HELD_UP_MS / 1e3) * 0.8);
});

async function holdUp(): Promise<void> {
  await delay(20);
  const until = performance.now() + HELD_UP_MS;
  while (performance.now() < until);
  // The histogram notices at the next turn of the loop.
  await delay(20);
}

/** Seconds. */
async function longestDelay(registry: Registry): Promise<number> {
  const metric = await registry.getSingleMetric('strikewire_event_loop_delay_max_seconds')!.get();
  return metric.values[0]!.value;
}
