import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDeribitSocket } from '../../../../../src/services/market-data/deribit/deribit-socket.ts';
import { type DeribitServer, startDeribitServer } from '../../../../support/vendors/start-deribit-server.ts';

const CHANNEL = 'deribit_price_index.btc_usd';
const SILENCE_MS = 30_000;

let deribit: DeribitServer;
/** Resolves the promise of the notification that is waited for. */
let notified: (() => void) | undefined;

beforeEach(async () => {
  deribit = await startDeribitServer();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(async () => {
  vi.useRealTimers();
  await deribit.close();
});

function aSocket() {
  return createDeribitSocket({
    url: deribit.webSocketUrl,
    channels: [CHANNEL],
    onNotification: () => notified?.(),
    log: pino({ enabled: false }),
    random: () => 0,
    timings: { silenceMs: SILENCE_MS },
  });
}

async function notify(): Promise<void> {
  const arrived = new Promise<void>((resolve) => {
    notified = resolve;
  });
  deribit.notify(CHANNEL, { index_name: 'btc_usd', price: 60_000, timestamp: 1 });
  await arrived;
}

/** Not by vi.waitFor, which would move the time that the test is about. */
async function untilSubscribed(times: number): Promise<void> {
  while (deribit.called.filter(({ method }) => method === 'public/subscribe').length < times) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('connection to Deribit', () => {
  it('counts its silence from the last notification, and is given up when that lasts', async () => {
    const socket = aSocket();
    socket.start();
    await untilSubscribed(1);
    for (let i = 0; i < 3; i++) {
      vi.advanceTimersByTime(SILENCE_MS - 1);
      await notify();
    }
    expect(deribit.connections()).toBe(1);
    const closed = new Promise((resolve) => deribit.openSockets()[0]!.once('close', resolve));
    vi.advanceTimersByTime(SILENCE_MS);
    await closed;
    // Until the end of the connection has arrived here and the wait before the next one has begun.
    while (vi.getTimerCount() === 0) await new Promise((resolve) => setImmediate(resolve));
    vi.advanceTimersByTime(499);
    expect(deribit.connections()).toBe(1);
    vi.advanceTimersByTime(1);
    await untilSubscribed(2);
    await socket.stop();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is not kept by heartbeats alone', async () => {
    const socket = aSocket();
    socket.start();
    await untilSubscribed(1);
    vi.advanceTimersByTime(SILENCE_MS - 1);
    deribit.testRequest(60_000);
    while (deribit.called.at(-1)?.method !== 'public/test') await new Promise((resolve) => setImmediate(resolve));
    expect(deribit.openSockets()).toHaveLength(1);
    const closed = new Promise((resolve) => deribit.openSockets()[0]!.once('close', resolve));
    vi.advanceTimersByTime(1);
    await closed;
    expect(deribit.openSockets()).toHaveLength(0);
    await socket.stop();
  });
});
