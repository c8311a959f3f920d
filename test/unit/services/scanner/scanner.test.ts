import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ScanRun } from '../../../../src/domain/results/scan-run.ts';
import { FeedEndedError, FeedUnavailableError } from '../../../../src/services/market-data/feed-errors.ts';
import type { ChainScanOutcome } from '../../../../src/services/scanner/chain-scan-outcome.ts';
import { createScanner, type ScanChainInput, type Scanner } from '../../../../src/services/scanner/scanner.ts';
import { createScannerMetrics } from '../../../../src/services/scanner/scanner-metrics.ts';
import { aChainFeed } from '../../../support/a-chain-feed.ts';

const OUTCOME: ChainScanOutcome = { contracts: 10, candidates: 5, results: 2, duplicates: 1, drops: [] };
const open: Scanner[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((scanner) => scanner.close(1_000)));
});

function aScanner(
  scanChain: (input: ScanChainInput) => Promise<ChainScanOutcome>,
  { symbols = ['A', 'B'], concurrency = 2, minimumIntervalMs = 5, rewind = () => {} } = {},
) {
  const recorded: ScanRun[] = [];
  let ids = 0;
  const scanner = createScanner({
    feed: { ...aChainFeed(symbols), rewind },
    scanChain,
    recorder: { record: (run) => recorded.push(run), stop: async () => {} },
    writer: { isHealthy: () => true, pending: () => 0, committed: async () => {} },
    metrics: createScannerMetrics(new Registry()),
    log: pino({ level: 'silent' }),
    clock: Date.now,
    newId: () => `run-${++ids}`,
    random: () => 0,
    concurrency,
    minimumIntervalMs,
    longestBackoffMs: 60_000,
    symbols: null,
  });
  open.push(scanner);
  scanner.open();
  const finished = () => recorded.filter((run) => run.finishedAtMs !== null);
  return { scanner, recorded, finished };
}

function aRequest(symbols: string[]): ScanRun {
  return {
    id: 'request',
    kind: 'REQUEST',
    state: 'QUEUED',
    symbols,
    filterIds: null,
    requestedAtMs: Date.now(),
    startedAtMs: null,
    finishedAtMs: null,
    symbolsDone: 0,
    contracts: 0,
    candidates: 0,
    results: 0,
    duplicates: 0,
    drops: [],
    failures: [],
  };
}

describe('scanner', () => {
  it('runs cycle after cycle over the watchlist and adds up the counts', async () => {
    const { scanner, finished } = aScanner(async () => OUTCOME);
    await scanner.start();
    await vi.waitFor(() => expect(finished().length).toBeGreaterThanOrEqual(3));
    expect(finished()[0]).toMatchObject({
      kind: 'CYCLE',
      state: 'COMPLETED',
      symbols: ['A', 'B'],
      symbolsDone: 2,
      contracts: 20,
      results: 4,
    });
    expect(scanner.status()).toMatchObject({ state: 'RUNNING', watchlist: ['A', 'B'] });
  });

  describe('over time', () => {
    beforeEach(() => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 0 });
    });
    afterEach(() => {
      vi.useRealTimers();
    });

    async function startsWithin(seconds: number, minimumIntervalSeconds: number) {
      const starts: Record<string, number[]> = { A: [], B: [], C: [], D: [] };
      const { scanner } = aScanner(
        async ({ symbol }) => {
          starts[symbol]!.push(Date.now() / 1_000);
          return OUTCOME;
        },
        { symbols: Object.keys(starts), minimumIntervalMs: minimumIntervalSeconds * 1_000 },
      );
      await scanner.start();
      await vi.advanceTimersByTimeAsync(seconds * 1_000);
      await scanner.close(0);
      return starts;
    }

    it('scans all it can in its first cycle, and one symbol after the other over the interval from then on', async () => {
      expect(await startsWithin(40, 10)).toEqual({
        A: [0, 10, 20, 30, 40],
        B: [0, 12.5, 22.5, 32.5],
        C: [0, 15, 25, 35],
        D: [0, 17.5, 27.5, 37.5],
      });
    });

    it('lets no symbol wait much longer than a long interval', async () => {
      expect(await startsWithin(7_300, 3_600)).toEqual({
        A: [0, 3_600, 7_200],
        B: [0, 3_615, 7_215],
        C: [0, 3_630, 7_230],
        D: [0, 3_645, 7_245],
      });
    });
  });

  it('goes on with the others while a symbol fails and backs off', async () => {
    const scanned: string[] = [];
    const { scanner, finished } = aScanner(async ({ symbol }) => {
      scanned.push(symbol);
      if (symbol === 'A') throw new FeedUnavailableError('expected an answer, got 503');
      return OUTCOME;
    });
    await scanner.start();
    await vi.waitFor(() => expect(finished().length).toBeGreaterThanOrEqual(4));
    expect(scanned.filter((symbol) => symbol === 'A')).toHaveLength(1);
    expect(scanned.filter((symbol) => symbol === 'B').length).toBeGreaterThanOrEqual(3);
    expect(finished()[0]!.failures).toEqual([{ symbol: 'A', code: 'FEED_UNAVAILABLE', message: 'expected an answer, got 503' }]);
    expect(finished()[1]!.drops).toContainEqual({ stage: 'scan', reason: 'backing-off', count: 1 });
    expect(scanner.status().failing).toMatchObject([{ symbol: 'A', failures: 1 }]);
  });

  it('does not tell strangers what went wrong inside', async () => {
    const { scanner, finished } = aScanner(async () => {
      throw new Error('password=hunter2');
    });
    await scanner.start();
    await vi.waitFor(() => expect(finished().length).toBeGreaterThanOrEqual(1));
    expect(finished()[0]).toMatchObject({ state: 'FAILED', failures: [{ code: 'INTERNAL_ERROR' }, { code: 'INTERNAL_ERROR' }] });
    expect(JSON.stringify(finished())).not.toContain('hunter2');
  });

  it('serves a request first, also while the cycles are stopped', async () => {
    const order: string[] = [];
    const gates: (() => void)[] = [];
    const { scanner, finished } = aScanner(
      ({ runId, symbol }) =>
        new Promise((resolve) => {
          order.push(`${runId} ${symbol}`);
          gates.push(() => resolve(OUTCOME));
        }),
      { symbols: ['A', 'B', 'C'], concurrency: 1 },
    );
    await scanner.start();
    await vi.waitFor(() => expect(order).toEqual(['run-1 A']));
    scanner.request(aRequest(['C']));
    expect(scanner.liveRun('request')).toMatchObject({ state: 'QUEUED' });
    gates.shift()!();
    await vi.waitFor(() => expect(order).toEqual(['run-1 A', 'request C']));
    expect(scanner.liveRun('request')).toMatchObject({ state: 'RUNNING' });
    gates.shift()!();
    await vi.waitFor(() => expect(finished().map((run) => run.id)).toContain('request'));
    const stopped = scanner.stop();
    await vi.waitFor(() => expect(gates).toHaveLength(1));
    gates.shift()!();
    await stopped;
    expect(scanner.status().state).toBe('STOPPED');
    expect(finished().find((run) => run.id === 'run-1')).toMatchObject({ state: 'CANCELLED' });
    scanner.request({ ...aRequest(['B']), id: 'later' });
    await vi.waitFor(() => expect(gates).toHaveLength(1));
    gates.shift()!();
    await vi.waitFor(() => expect(finished().map((run) => run.id)).toContain('later'));
  });

  /** Chains that are in hand until they are let go. */
  function inHand() {
    const waiting: (() => void)[] = [];
    const scanChain = ({ signal }: ScanChainInput) =>
      new Promise<ChainScanOutcome>((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
        waiting.push(() => resolve(OUTCOME));
      });
    const letGo = () => {
      for (const go of waiting.splice(0)) go();
    };
    return { scanChain, waiting, letGo };
  }

  it('runs when it is started while it stops: the new cycle begins once the old one has ended', async () => {
    const { scanChain, waiting, letGo } = inHand();
    const { scanner, finished } = aScanner(scanChain);
    await scanner.start();
    await vi.waitFor(() => expect(waiting).toHaveLength(2));
    const stopped = scanner.stop();
    const started = scanner.start();
    await new Promise((resolve) => setImmediate(resolve));
    expect(scanner.status().cycle).toMatchObject({ id: 'run-1' });
    letGo();
    await Promise.all([stopped, started]);
    await vi.waitFor(() => expect(waiting).toHaveLength(2));
    expect(scanner.status()).toMatchObject({ state: 'RUNNING', cycle: { id: 'run-2', state: 'RUNNING' } });
    expect(finished().map((run) => run.id)).toEqual(['run-1']);
    letGo();
    await vi.waitFor(() => expect(finished().at(-1)).toMatchObject({ id: 'run-2', state: 'COMPLETED' }));
  });

  it('lets a second stop wait for the first, and the last word hold', async () => {
    const { scanChain, waiting, letGo } = inHand();
    const { scanner } = aScanner(scanChain);
    await scanner.start();
    await vi.waitFor(() => expect(waiting).toHaveLength(2));
    const ends: string[] = [];
    const first = scanner.stop().then(() => ends.push('first'));
    const started = scanner.start();
    const second = scanner.stop().then(() => ends.push('second'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(ends).toEqual([]);
    letGo();
    await Promise.all([first, started, second]);
    expect(ends).toEqual(['first', 'second']);
    expect(scanner.status()).toMatchObject({ state: 'STOPPED', cycle: null });
  });

  it('ends when every recording is at its end, and plays it again from the beginning when it is started again', async () => {
    let ended = true;
    const scanChain = async () => {
      if (ended) throw new FeedEndedError('the end');
      return OUTCOME;
    };
    const { scanner, finished } = aScanner(scanChain, {
      rewind: () => {
        ended = false;
      },
    });
    await scanner.start();
    await vi.waitFor(() => expect(scanner.status().state).toBe('ENDED'));
    expect(finished()[0]).toMatchObject({
      state: 'COMPLETED',
      failures: [],
      drops: [{ stage: 'scan', reason: 'recording-ended', count: 2 }],
    });
    await scanner.stop();
    await scanner.start();
    await vi.waitFor(() => expect(finished().at(-1)).toMatchObject({ results: 4 }));
  });

  it('never has more chains in hand than it may', async () => {
    let inHand = 0;
    let most = 0;
    const { scanner, finished } = aScanner(
      async () => {
        most = Math.max(most, ++inHand);
        await new Promise((resolve) => setImmediate(resolve));
        inHand--;
        return OUTCOME;
      },
      { symbols: ['A', 'B', 'C', 'D', 'E', 'F'], concurrency: 3 },
    );
    await scanner.start();
    await vi.waitFor(() => expect(finished().length).toBeGreaterThanOrEqual(3));
    expect(most).toBe(3);
  });

  it('finishes what is in hand when it is closed, and cuts what takes too long', async () => {
    let aborted = false;
    const { scanner } = aScanner(
      ({ signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            aborted = true;
            reject(signal.reason);
          });
        }),
    );
    await scanner.start();
    await vi.waitFor(() => expect(scanner.status().cycle).not.toBeNull());
    await scanner.close(50);
    expect(aborted).toBe(true);
  });
});
