import { Counter, Histogram, type Registry } from 'prom-client';
import type { ScanRun } from '../../domain/results/scan-run.ts';
import type { ChainScanOutcome } from './chain-scan-outcome.ts';

export interface ScannerMetrics {
  chainScanned(outcome: ChainScanOutcome, seconds: number): void;
  chainFailed(code: string): void;
  runFinished(run: ScanRun): void;
  /** Time to evaluate all filters on one chain. */
  filtersEvaluated(seconds: number): void;
}

export function createScannerMetrics(registry: Registry): ScannerMetrics {
  const registers = [registry];
  const chains = new Counter({
    name: 'strikewire_chain_scans_total',
    help: 'Chains scanned, by outcome.',
    labelNames: ['outcome'],
    registers,
  });
  const chainSeconds = new Histogram({
    name: 'strikewire_chain_scan_duration_seconds',
    help: 'Time of one chain from the start of its fetch until its results are taken over.',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  });
  const filterSeconds = new Histogram({
    name: 'strikewire_filter_duration_seconds',
    help: 'Time to evaluate all enabled filters on the candidates of one chain.',
    buckets: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1],
    registers,
  });
  const contracts = new Counter({ name: 'strikewire_contracts_total', help: 'Option contracts evaluated.', registers });
  const candidates = new Counter({ name: 'strikewire_candidates_total', help: 'Candidates the strategies made.', registers });
  const results = new Counter({ name: 'strikewire_scan_results_total', help: 'Results taken over for storage.', registers });
  const duplicates = new Counter({
    name: 'strikewire_scan_duplicates_total',
    help: 'Results left out because nothing had changed since the last one of the same filter and legs.',
    registers,
  });
  const drops = new Counter({
    name: 'strikewire_scan_drops_total',
    help: 'What was left out on the way from feed to result, by stage and reason.',
    labelNames: ['stage', 'reason'],
    registers,
  });
  const runs = new Counter({
    name: 'strikewire_scan_runs_total',
    help: 'Scan runs that ended, by kind and final state.',
    labelNames: ['kind', 'state'],
    registers,
  });
  const runSeconds = new Histogram({
    name: 'strikewire_scan_run_duration_seconds',
    help: 'Time of one scan run from its first symbol to its last.',
    labelNames: ['kind'],
    buckets: [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300],
    registers,
  });
  const failures = new Counter({
    name: 'strikewire_chain_failures_total',
    help: 'Chains that could not be scanned, by error code.',
    labelNames: ['code'],
    registers,
  });
  for (const outcome of ['scanned', 'failed']) chains.inc({ outcome }, 0);
  for (const kind of ['CYCLE', 'REQUEST']) for (const state of ['COMPLETED', 'FAILED', 'CANCELLED']) runs.inc({ kind, state }, 0);

  return {
    chainScanned(outcome, seconds) {
      chains.inc({ outcome: 'scanned' });
      chainSeconds.observe(seconds);
      contracts.inc(outcome.contracts);
      candidates.inc(outcome.candidates);
      results.inc(outcome.results);
      duplicates.inc(outcome.duplicates);
      for (const { stage, reason, count } of outcome.drops) drops.inc({ stage, reason }, count);
    },
    chainFailed(code) {
      chains.inc({ outcome: 'failed' });
      failures.inc({ code });
    },
    runFinished(run) {
      runs.inc({ kind: run.kind, state: run.state });
      if (run.startedAtMs !== null && run.finishedAtMs !== null) {
        runSeconds.observe({ kind: run.kind }, (run.finishedAtMs - run.startedAtMs) / 1_000);
      }
    },
    filtersEvaluated: (seconds) => filterSeconds.observe(seconds),
  };
}
