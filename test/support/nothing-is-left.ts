import { expect, vi } from 'vitest';
import { metricValue } from './metric-value.ts';
import type { TestApp } from './start-test-app.ts';

/** Waits until the server has let go of every subscription and every socket; fails when it does not. */
export async function nothingIsLeft(app: TestApp): Promise<void> {
  await vi.waitFor(async () => {
    expect(app.subscribers()).toBe(0);
    expect(await metricValue(app, 'strikewire_subscriptions')).toBe(0);
    expect(await metricValue(app, 'strikewire_websocket_connections')).toBe(0);
  });
}
