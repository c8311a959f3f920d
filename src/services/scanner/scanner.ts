import type { Logger } from 'pino';
import { DomainError } from '../../domain/errors/domain-error.ts';
import type { ScanResultDraft } from '../../domain/results/scan-result.ts';
import type { ScanRun } from '../../domain/results/scan-run.ts';
import { FeedEndedError, FeedUnavailableError } from '../market-data/feed-errors.ts';
import type { MarketDataFeed } from '../market-data/market-data-feed.ts';
import type { ScanRunRecorder } from '../scan-runs/scan-run-recorder.ts';
import type { StreamWriter } from '../stream-log/stream-writer.ts';
import type { ChainScanOutcome } from './chain-scan-outcome.ts';
import { delay } from './delay.ts';
import { createRateGate } from './rate-gate.ts';
import { createRunProgress, type RunProgress } from './run-progress.ts';
import type { ScannerMetrics } from './scanner-metrics.ts';
import type { FailingSymbol, ScannerState, ScannerStatus } from './scanner-status.ts';
import { createSymbolSchedule } from './symbol-schedule.ts';
import { createTaskQueue, type ScanTask } from './task-queue.ts';
import { createThroughputMeter } from './throughput-meter.ts';
import { createWakeup } from './wakeup.ts';

/** How long the feed's list of underlyings is good for. */
const WATCHLIST_MAX_AGE_MS = 300_000;
const WATCHLIST_RETRY_MS = 5_000;
/** Over at most this time a cycle spreads its symbols: enough that they make no burst. The last one waits as much longer than the interval for its second scan, and never again. */
const LONGEST_SPREAD_MS = 60_000;

export interface ScanChainInput {
  readonly symbol: string;
  readonly runId: string;
  /** Null: every enabled filter. */
  readonly filterIds: readonly string[] | null;
  readonly signal: AbortSignal;
}

export interface ScannerDeps {
  readonly feed: MarketDataFeed;
  readonly scanChain: (input: ScanChainInput) => Promise<ChainScanOutcome>;
  readonly recorder: ScanRunRecorder;
  readonly writer: Pick<StreamWriter<ScanResultDraft>, 'isHealthy' | 'pending' | 'committed'>;
  readonly metrics: ScannerMetrics;
  readonly log: Logger;
  readonly clock: () => number;
  readonly newId: () => string;
  readonly random: () => number;
  readonly concurrency: number;
  readonly minimumIntervalMs: number;
  readonly longestBackoffMs: number;
  /** Null: every underlying of the feed. */
  readonly symbols: readonly string[] | null;
}

export interface Scanner {
  /** Serves requests from now on. */
  open(): void;
  /**
   * Starts cycles; nothing when they run already. Waits for a stop that goes on; of a start and a stop the one called last holds. A recording that was at its end
   * is played again from its beginning.
   */
  start(): Promise<void>;
  /** Ends the cycles: symbols in hand are finished, the others are not begun. All that call it while it goes on wait for the same end. */
  stop(): Promise<void>;
  /** Queues a run of these symbols before everything else. It must have been stored already. */
  request(run: ScanRun): void;
  /** Requested runs that wait or go on. */
  openRequests(): number;
  status(): ScannerStatus;
  /** The symbols scanned in cycles; empty until the feed has told. */
  watchlist(): readonly string[];
  /** A run that has not ended yet, with its present counts. */
  liveRun(id: string): ScanRun | null;
  /** Ends everything; symbols in hand are given until the time is up. */
  close(timeoutMs: number): Promise<void>;
}

export function createScanner(deps: ScannerDeps): Scanner {
  const { feed, scanChain, recorder, writer, metrics, log, clock, newId, concurrency } = deps;
  const minimumIntervalMs = Math.max(deps.minimumIntervalMs, feed.pace.minimumIntervalMs);
  const schedule = createSymbolSchedule({ minimumIntervalMs, longestBackoffMs: deps.longestBackoffMs, random: deps.random });
  const queue = createTaskQueue({ schedule });
  const gate = createRateGate({ perSecond: feed.pace.requestsPerSecond, clock });
  const meter = createThroughputMeter();
  const wakeup = createWakeup();
  const runs = new Map<string, RunProgress>();
  const failing = new Map<string, FailingSymbol>();
  const ended = new Set<string>();
  const totals = { contracts: 0, candidates: 0, results: 0, duplicates: 0 };
  const closing = new AbortController();
  let workers: Promise<void>[] = [];
  let state: ScannerState = 'STOPPED';
  let cycling: { controller: AbortController; finished: Promise<void> } | null = null;
  /** Whether the last word was a start. */
  let isWanted = false;
  let stopping: Promise<void> | null = null;
  let isClosing = false;
  let watchlist: readonly string[] = [];
  let watchlistAtMs = Number.NEGATIVE_INFINITY;
  let cycle: RunProgress | null = null;
  let lastCycle: ScanRun | null = null;

  function finishRun(run: RunProgress, cancelled: boolean): void {
    if (run.isFinished()) return;
    run.finish(clock(), cancelled);
    runs.delete(run.id);
    const snapshot = run.snapshot();
    recorder.record(snapshot);
    metrics.runFinished(snapshot);
    if (run === cycle) {
      lastCycle = snapshot;
      cycle = null;
    }
    wakeup.notify();
  }

  /** A run that has ended can be queried with all its results. */
  function finishWhenStored(run: RunProgress): void {
    void writer.committed(closing.signal).then(
      () => finishRun(run, false),
      // Closing finishes it as it is.
      () => {},
    );
  }

  async function scanSymbol(run: RunProgress, symbol: string): Promise<void> {
    const startedAtMs = clock();
    schedule.started(symbol, startedAtMs);
    try {
      await gate.pass(closing.signal);
      const outcome = await scanChain({ symbol, runId: run.id, filterIds: run.filterIds, signal: closing.signal });
      schedule.succeeded(symbol);
      failing.delete(symbol);
      run.symbolDone(outcome);
      meter.add(outcome.contracts, clock());
      for (const key of ['contracts', 'candidates', 'results', 'duplicates'] as const) totals[key] += outcome[key];
      metrics.chainScanned(outcome, (clock() - startedAtMs) / 1_000);
    } catch (error) {
      if (closing.signal.aborted) return;
      symbolFailed(run, symbol, error);
    }
  }

  function symbolFailed(run: RunProgress, symbol: string, error: unknown): void {
    if (error instanceof FeedEndedError) {
      ended.add(symbol);
      run.symbolSkipped('recording-ended');
      return;
    }
    const code = error instanceof DomainError ? error.code : 'INTERNAL_ERROR';
    const message = error instanceof DomainError ? error.message : 'unexpected error, see the log';
    const retryAfterMs = error instanceof FeedUnavailableError ? error.retryAfterMs : undefined;
    const waitMs = schedule.failed(symbol, clock(), retryAfterMs);
    const failures = schedule.failures(symbol);
    if (failures === 1 || !(error instanceof DomainError))
      log.warn({ err: error, symbol, waitMs }, 'symbol could not be scanned, backing off');
    failing.set(symbol, { symbol, failures, code, message, nextAttemptAtMs: clock() + waitMs });
    run.symbolFailed(symbol, code, message);
    metrics.chainFailed(code);
  }

  async function work(task: ScanTask): Promise<void> {
    const run = runs.get(task.runId);
    if (run) {
      if (!run.isStarted()) {
        run.start(clock());
        recorder.record(run.snapshot());
      }
      await scanSymbol(run, task.symbol);
      if (run.isComplete()) finishWhenStored(run);
    }
    queue.done(task);
    wakeup.notify();
  }

  async function worker(): Promise<void> {
    while (!closing.signal.aborted) {
      const next = queue.next(clock());
      if (next.kind === 'task') await work(next.task);
      else await wakeup.wait(next.kind === 'wait' ? next.untilMs - clock() : null, closing.signal);
    }
  }

  async function refreshWatchlist(signal: AbortSignal): Promise<void> {
    if (clock() - watchlistAtMs < WATCHLIST_MAX_AGE_MS) return;
    for (;;) {
      try {
        const known = (await feed.listUnderlyings(signal)).map((underlying) => underlying.symbol);
        watchlist = deps.symbols ?? known;
        watchlistAtMs = clock();
        return;
      } catch (error) {
        signal.throwIfAborted();
        log.warn({ err: error }, 'the feed does not tell its underlyings, trying again');
        if (watchlist.length > 0) return;
        await delay(WATCHLIST_RETRY_MS, signal);
      }
    }
  }

  function beginCycle(symbols: readonly string[], isFirst: boolean): RunProgress {
    const nowMs = clock();
    const run = createRunProgress({ id: newId(), kind: 'CYCLE', symbols, filterIds: null, requestedAtMs: nowMs });
    runs.set(run.id, run);
    run.start(nowMs);
    // A symbol that backs off for longer than a normal wait is left out, so that it does not hold up the cycle.
    const isLeftOut = (symbol: string) => schedule.failures(symbol) > 0 && schedule.dueAtMs(symbol) > nowMs + minimumIntervalMs;
    for (const symbol of symbols) if (isLeftOut(symbol)) run.symbolSkipped('backing-off');
    const scanned = symbols.filter((symbol) => !isLeftOut(symbol));
    const startsAtMs = Math.max(
      nowMs,
      scanned.reduce((earliestMs, symbol) => Math.min(earliestMs, schedule.dueAtMs(symbol)), Number.POSITIVE_INFINITY),
    );
    // The first goes as fast as it can, for whoever waits for something to see. The others take their time: no burst of work, then nothing, for processors, database and subscribers.
    const apartMs = isFirst ? 0 : Math.min(minimumIntervalMs, LONGEST_SPREAD_MS) / scanned.length;
    queue.addCycle(scanned.map((symbol, index) => ({ runId: run.id, symbol, notBeforeMs: startsAtMs + index * apartMs })));
    return run;
  }

  async function cycleLoop(signal: AbortSignal): Promise<void> {
    state = 'STARTING';
    for (let isFirst = true; !signal.aborted; isFirst = false) {
      await refreshWatchlist(signal);
      signal.throwIfAborted();
      const open = watchlist.filter((symbol) => !ended.has(symbol));
      if (watchlist.length > 0 && open.length === 0) {
        state = 'ENDED';
        log.info('the recording is at its end');
        return;
      }
      state = 'RUNNING';
      cycle = beginCycle(open, isFirst);
      const run = cycle;
      recorder.record(run.snapshot());
      wakeup.notify();
      if (run.isComplete()) {
        finishRun(run, false);
        await delay(Math.max(minimumIntervalMs, 1_000), signal);
      }
      while (!run.isFinished()) await wakeup.wait(null, signal);
    }
  }

  function request(run: ScanRun): void {
    const progress = createRunProgress(run);
    runs.set(run.id, progress);
    queue.addRequest(run.symbols.map((symbol) => ({ runId: run.id, symbol })));
    wakeup.notify();
  }

  function requests(): RunProgress[] {
    return [...runs.values()].filter((run) => run.kind === 'REQUEST');
  }

  async function endCycles(): Promise<void> {
    if (!cycling) return;
    const { controller, finished } = cycling;
    const run = cycle;
    cycling = null;
    controller.abort();
    queue.clearCycle();
    await finished;
    if (run) {
      while (queue.isBusy(run.id) && !closing.signal.aborted) await wakeup.wait(null, closing.signal).catch(() => {});
      finishRun(run, !run.isComplete());
    }
    state = 'STOPPED';
  }

  function stop(): Promise<void> {
    isWanted = false;
    stopping ??= endCycles().finally(() => {
      stopping = null;
    });
    return stopping;
  }

  async function start(): Promise<void> {
    isWanted = true;
    if (stopping) await stopping;
    if (!isWanted || isClosing || (cycling && state !== 'ENDED')) return;
    if (ended.size > 0 && watchlist.every((symbol) => ended.has(symbol))) feed.rewind?.();
    ended.clear();
    const controller = new AbortController();
    const finished = cycleLoop(controller.signal).catch((error: unknown) => {
      if (!controller.signal.aborted) log.error({ err: error }, 'the scan cycles ended unexpectedly');
    });
    cycling = { controller, finished };
  }

  return {
    open() {
      if (workers.length === 0) workers = Array.from({ length: concurrency }, () => worker().catch((error: unknown) => onWorkerEnd(error)));
    },
    start,
    stop,
    request,
    openRequests: () => requests().length,
    status: () => ({
      state: state === 'RUNNING' && !writer.isHealthy() ? 'HOLDING' : state,
      feedKind: feed.kind,
      feedDescription: feed.description,
      watchlist,
      minimumIntervalMs,
      concurrency,
      cycle: cycle?.snapshot() ?? null,
      lastCycle,
      requests: requests().map((run) => run.snapshot()),
      contractsPerSecond: meter.perSecond(clock()),
      totals: { ...totals },
      failing: [...failing.values()],
      pendingResults: writer.pending(),
    }),
    watchlist: () => watchlist,
    liveRun: (id) => runs.get(id)?.snapshot() ?? null,
    async close(timeoutMs) {
      isClosing = true;
      const timer = setTimeout(() => closing.abort(), timeoutMs);
      queue.clear();
      await stop();
      while (queue.isBusy() && !closing.signal.aborted) await wakeup.wait(null, closing.signal).catch(() => {});
      clearTimeout(timer);
      closing.abort();
      await Promise.all(workers);
      for (const run of runs.values()) finishRun(run, !run.isComplete());
    },
  };

  function onWorkerEnd(error: unknown): void {
    if (!closing.signal.aborted) log.error({ err: error }, 'a scan worker ended unexpectedly');
  }
}
