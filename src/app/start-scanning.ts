import { createCandidateGenerator } from '../domain/candidates/candidate-generator.ts';
import { createCandidateBatch } from '../domain/candidates/create-candidate-batch.ts';
import { scoreBatch } from '../domain/scoring/score-batch.ts';
import { MAXIMUM_CANDIDATES_PER_EXPIRATION } from '../domain/strategies/strategies.ts';
import { createFeed } from '../services/market-data/create-feed.ts';
import { createDecodeWorker } from '../services/market-data/decode/decode-worker.ts';
import { createPipeline } from '../services/scanner/pipeline.ts';
import { createScanner } from '../services/scanner/scanner.ts';
import { createScannerMetrics } from '../services/scanner/scanner-metrics.ts';
import { warmUp } from '../services/scanner/warm-up.ts';
import type { Records } from './start-records.ts';
import type { Wiring } from './wiring.ts';

export type Scanning = Awaited<ReturnType<typeof startScanning>>;

/** The feed and what scans it. The cycles are not begun. */
export async function startScanning(
  { config, deps, lifecycle, registry, slicer, starting, component }: Wiring,
  { pricer, filterRegistry, underlyings, observer, duplicates, writer, opportunities, recorder, reportWriter }: Records,
) {
  const { clock, random, newId } = deps;
  const decodeWorker = createDecodeWorker({ log: component('decode') });
  lifecycle.onStop('decode worker', decodeWorker.stop);
  const feed = deps.feed ?? createFeed({ config: config.feed, decodeWorker, log: component('feed'), clock, random, turn: slicer.turn });
  lifecycle.onStop('feed', feed.stop);
  await feed.start(starting);
  const scannerMetrics = createScannerMetrics(registry);
  const scanning = {
    pricer,
    generator: createCandidateGenerator(),
    scoreBatch,
    createBatch: () => createCandidateBatch(MAXIMUM_CANDIDATES_PER_EXPIRATION),
    slicer,
    clock,
    newId,
  };
  // Before anybody is connected who would have to wait for it.
  await warmUp(scanning);
  const scanner = createScanner({
    feed,
    scanChain: createPipeline({
      ...scanning,
      feed,
      filters: filterRegistry,
      underlyings,
      observer,
      duplicates,
      writer,
      opportunities,
      reportWriter,
      metrics: scannerMetrics,
      resultsPerFilter: config.scanner.resultsPerFilter,
    }),
    recorder,
    writer,
    metrics: scannerMetrics,
    log: component('scanner'),
    clock,
    newId,
    random,
    concurrency: config.scanner.concurrency,
    minimumIntervalMs: config.scanner.minimumIntervalMs,
    longestBackoffMs: config.scanner.backoffMaximumMs,
    symbols: config.feed.symbols.length > 0 ? config.feed.symbols : null,
  });
  lifecycle.onStop('scanner', (remainingMs) => scanner.close(remainingMs / 2));
  scanner.open();
  return { feed, scanner, slicer };
}
