import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createHeadPoller, type HeadPoller } from '../../../../src/services/stream-log/head-poller.ts';
import type { StreamPosition } from '../../../../src/services/stream-log/stream-position.ts';

const INTERVAL_MS = 500;

let looks: number;
let stored: Map<string, StreamPosition>;
let answer: () => Promise<void>;
let poller: HeadPoller;

beforeEach(() => {
  vi.useFakeTimers();
  looks = 0;
  stored = new Map();
  answer = async () => {};
  poller = createHeadPoller({
    streamLog: {
      async heads() {
        looks++;
        await answer();
        return stored;
      },
    },
    log: pino({ level: 'silent' }),
    intervalMs: INTERVAL_MS,
  });
});

afterEach(() => {
  vi.useRealTimers();
});

const look = () => vi.advanceTimersByTimeAsync(INTERVAL_MS);
const at = (sequence: number) => ({ atMs: sequence, sequence });

describe('looks at the heads of streams', () => {
  it('are one for all who watch, and each is told of its own stream', async () => {
    const told: Record<string, number[]> = { results: [], alerts: [], filters: [] };
    for (const [stream, sequences] of Object.entries(told)) poller.watch(stream, ({ sequence }) => sequences.push(sequence));
    stored = new Map([
      ['results', at(3)],
      ['alerts', at(7)],
    ]);
    await look();
    stored.set('results', at(4));
    await look();
    expect(looks).toBe(2);
    expect(told).toEqual({ results: [3, 4], alerts: [7, 7], filters: [] });
  });

  it('are made only while somebody watches', async () => {
    await look();
    const [end, endOther] = [poller.watch('results', () => {}), poller.watch('alerts', () => {})];
    await end();
    await look();
    expect(looks).toBe(1);
    await endOther();
    await look();
    expect(looks).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
    poller.watch('results', () => {});
    await look();
    expect(looks).toBe(2);
  });

  it('go on after one that failed', async () => {
    const told: number[] = [];
    stored.set('results', at(1));
    poller.watch('results', ({ sequence }) => told.push(sequence));
    answer = async () => {
      throw new Error('no database');
    };
    await look();
    expect(told).toEqual([]);
    answer = async () => {};
    await look();
    expect(told).toEqual([1]);
  });

  it('are not begun while one is under way, which whoever stops watching waits for and is told nothing of', async () => {
    const told: number[] = [];
    stored.set('results', at(1));
    const end = poller.watch('results', ({ sequence }) => told.push(sequence));
    let reply = () => {};
    answer = () =>
      new Promise((resolve) => {
        reply = resolve;
      });
    await look();
    await look();
    expect(looks).toBe(1);
    let hasEnded = false;
    const ending = end().then(() => {
      hasEnded = true;
    });
    await Promise.resolve();
    expect(hasEnded).toBe(false);
    reply();
    await ending;
    expect(told).toEqual([]);
    await look();
    expect(looks).toBe(1);
  });
});
