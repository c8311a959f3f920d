/*
 * One pass over a full chain as the scanner does it (decode the file, price, build candidates, score, five preset filters, best of each, dedup, results as objects) against
 * pricing the same chain alone. The server decodes in a worker thread: the pass without decoding is what its main thread, and with it every socket, has to wait for.
 *
 * Two yardsticks are measured beside it: a loop that looks at every byte of the file once and does nothing else, and JSON.parse of the same chain as Cboe's JSON, which
 * makes objects of it and no columns yet. What the stages take is measured in passes of their own, by a clock that is read between them.
 */
import { Registry } from 'prom-client';
import { createCandidateGenerator } from '../dist/domain/candidates/candidate-generator.js';
import { createCandidateBatch } from '../dist/domain/candidates/create-candidate-batch.js';
import type { ChainSnapshot } from '../dist/domain/chain/chain-snapshot.js';
import { createRowStore } from '../dist/domain/chain/row-store.js';
import { FILTER_PRESETS } from '../dist/domain/filters/presets.js';
import { createChainPricer } from '../dist/domain/pricing/chain-pricer.js';
import { constantMaturityVolatility } from '../dist/domain/pricing/constant-maturity-volatility.js';
import { createDuplicateTracker } from '../dist/domain/results/duplicate-tracker.js';
import type { ScanResultDraft } from '../dist/domain/results/scan-result.js';
import { scoreBatch } from '../dist/domain/scoring/score-batch.js';
import { MAXIMUM_CANDIDATES_PER_EXPIRATION } from '../dist/domain/strategies/strategies.js';
import { createFilterRegistry } from '../dist/services/filters/filter-registry.js';
import { decodeCboeCsv } from '../dist/services/market-data/decode/decode-cboe-csv.js';
import { decodeCboeJson } from '../dist/services/market-data/decode/decode-cboe-json.js';
import type { ChainScanOutcome } from '../dist/services/scanner/chain-scan-outcome.js';
import { createEventLoopSlicer } from '../dist/services/scanner/event-loop-slicer.js';
import { createPipeline, type PipelineDeps } from '../dist/services/scanner/pipeline.js';
import { createScannerMetrics } from '../dist/services/scanner/scanner-metrics.js';
import { cboeCsvText } from './cboe-csv-text.ts';
import { cboeJsonText } from './cboe-json-text.ts';
import { type Contestant, compareRounds, cpuTimeMs, type Measured } from './compare-rounds.ts';
import type { Report } from './report.ts';
import { createStageClock, type StageClock } from './stage-clock.ts';
import { syntheticChain } from './synthetic-chain.ts';

const CONTRACTS = 20_000;
const RESULTS_PER_FILTER = 5;
const SLICE_MS = 4;
/** Asked for by this name, the feed answers with the chain it has decoded before. */
const DECODED = 'DECODED';
const COMMA = 44;
const WARMUP_ROUNDS = 10;
const STAGE_ROUNDS = 31;

export async function run(): Promise<Report> {
  const text = new TextEncoder().encode(cboeCsvText(syntheticChain(1, CONTRACTS).snapshot));
  const jsonText = new TextEncoder().encode(cboeJsonText(syntheticChain(1, CONTRACTS).snapshot));
  // As the decode thread does.
  const rows = createRowStore(1024, false);
  const decode = (): ChainSnapshot => decodeCboeCsv(text, 'synthetic.csv', rows);
  const snapshot = decode();
  if (snapshot.size < 19_000) throw new Error(`expected at least 19,000 contracts, got ${snapshot.size}`);
  const pricer = createChainPricer();
  const accepted: ScanResultDraft[] = [];
  let ids = 0;
  const silent = { error: () => {} } as never;
  const filters = createFilterRegistry({ log: silent });
  for (const [index, preset] of FILTER_PRESETS.entries()) {
    filters.put({
      id: String(index),
      presetKey: preset.key,
      ownerSubject: null,
      visibility: 'SHARED',
      kind: 'PRESET',
      name: preset.name,
      description: '',
      criteria: preset.criteria,
      enabled: true,
      revision: 1,
      createdAtMs: 0,
      updatedAtMs: 0,
      deletedAtMs: null,
    });
  }
  const duplicates = createDuplicateTracker({ maximumEntries: 10_000 });
  const generator = createCandidateGenerator();
  const deps: PipelineDeps = {
    feed: { fetchChain: async (symbol) => (symbol === DECODED ? snapshot : decode()) },
    pricer,
    generator,
    scoreBatch,
    createBatch: () => createCandidateBatch(MAXIMUM_CANDIDATES_PER_EXPIRATION),
    filters,
    underlyings: { scanned: () => {}, letGo: pricer.release, rank: () => ({ ivRank: Number.NaN, ivPercentile: Number.NaN }) },
    // Every pass meets a market that has moved: each result is compared with the last one, and none is left out as unchanged.
    duplicates: {
      decide: (result) => {
        const decision = duplicates.decide(result);
        return decision.kind === 'duplicate' ? { kind: 'changed', reason: 'quotes-changed' } : decision;
      },
      record: (result, nowMs) => duplicates.record(result, nowMs),
      lastId: (result) => duplicates.lastId(result),
      size: () => duplicates.size(),
    },
    // Told of every scan; what it then stores is no part of this measurement.
    opportunities: { scanned: async () => {} },
    observer: { observe: async () => true },
    reportWriter: { accept: async () => {} },
    clock: Date.now,
    writer: { accept: async (drafts) => void accepted.push(...drafts) },
    slicer: createEventLoopSlicer({ budgetMs: SLICE_MS, now: () => performance.now() }),
    metrics: createScannerMetrics(new Registry()),
    newId: () => String(++ids),
    resultsPerFilter: RESULTS_PER_FILTER,
  };
  const scan = createPipeline(deps);
  const never = new AbortController().signal;
  const reference = constantMaturityVolatility(pricer.price(snapshot), 30);

  const scanning = (name: string, symbol: string): Contestant => ({
    name,
    run: () => {
      accepted.length = 0;
      return scan({ symbol, runId: 'run', filterIds: null, signal: never });
    },
    check: (answer) => checkScan(answer as ChainScanOutcome, accepted, snapshot.size),
  });

  const measured = await compareRounds({
    contestants: [
      scanning('full scan: decode, price, strategies, score, filter, results', 'SPX'),
      scanning('scan of a chain that a worker has decoded', DECODED),
      {
        name: 'pricing alone',
        run: () => {
          const priced = pricer.price(snapshot);
          const volatility = constantMaturityVolatility(priced, 30);
          pricer.release(priced);
          return volatility;
        },
        check: (answer) => {
          if (answer !== reference || !(reference > 0)) throw new Error(`expected the volatility ${reference}, got ${answer}`);
        },
      },
      {
        name: 'decoding alone',
        run: decode,
        check: (answer) => {
          if ((answer as ChainSnapshot).size !== snapshot.size) throw new Error('expected the same chain each time');
        },
      },
      {
        name: 'yardstick of decoding: every byte of the file looked at once',
        run: () => countCommas(text),
        check: (answer) => {
          if ((answer as number) < snapshot.size * 10) throw new Error(`expected ten commas per contract, got ${answer}`);
        },
      },
    ],
    // All of it is computing: other programs on the machine must not count.
    clock: 'cpu',
    rounds: 31,
    warmup: WARMUP_ROUNDS,
  });
  const [full, mainThread, pricing, decoding, yardstick] = measured.map(({ medianMs }) => medianMs) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const stageClock = createStageClock(cpuTimeMs);
  const timedScan = createPipeline({
    ...deps,
    feed: { fetchChain: async () => timedDecode() },
    pricer: {
      ...pricer,
      prepare: stageClock.timed('pricing', pricer.prepare),
      priceExpiration: stageClock.timed('pricing', pricer.priceExpiration),
    },
    generator: { generateExpiration: stageClock.timed('candidates', generator.generateExpiration) },
    scoreBatch: stageClock.timed('scoring', scoreBatch),
  });
  const timedDecode = stageClock.timed('decoding', decode);
  const stages = await measureStages(stageClock, () => timedScan({ symbol: 'SPX', runId: 'run', filterIds: null, signal: never }));
  const json = await compareJson(snapshot, jsonText);
  const [jsonDecoding, jsonParsing] = json.map(({ medianMs }) => medianMs) as [number, number];
  const outcome = await scan({ symbol: 'SPX', runId: 'run', filterIds: null, signal: never });
  return {
    title: `One scan of a chain of ${snapshot.size} contracts in ${snapshot.expirations.length} expirations (${(text.length / 1e6).toFixed(1)} MB), ${outcome.candidates} candidates, one core`,
    peers: [],
    header: ['', 'median ms', 'fastest', 'slowest', 'contracts/s'],
    rows: [...measured, ...json].map(({ name, medianMs, fastestMs, slowestMs }) => [
      name,
      medianMs.toFixed(2),
      fastestMs.toFixed(2),
      slowestMs.toFixed(2),
      Math.round((snapshot.size / medianMs) * 1_000).toLocaleString('en-US'),
    ]),
    notes: [
      `Target: a full scan ≤ 2 × pricing alone; measured ${(full / pricing).toFixed(2)} × with decoding, ${(mainThread / pricing).toFixed(2)} × without.`,
      `Stages of a full scan × pricing alone (candidates with their screening; rest: filters, results, bookkeeping): ${stages.map(({ stage, medianMs }) => `${stage} ${(medianMs / pricing).toFixed(2)}`).join(', ')}.`,
      `Decoding the CSV is ${(decoding / pricing).toFixed(2)} × pricing alone, its yardstick ${(yardstick / pricing).toFixed(2)} ×; the JSON of ${(jsonText.length / 1e6).toFixed(1)} MB ${(jsonDecoding / pricing).toFixed(2)} ×, JSON.parse of it alone ${(jsonParsing / pricing).toFixed(2)} ×.`,
    ],
    result: {
      contracts: snapshot.size,
      candidates: outcome.candidates,
      scanOverPricing: round(full / pricing),
      decodedScanOverPricing: round(mainThread / pricing),
      decodingOverPricing: round(decoding / pricing),
      decodingYardstickOverPricing: round(yardstick / pricing),
      jsonDecodingOverPricing: round(jsonDecoding / pricing),
      jsonParseOverPricing: round(jsonParsing / pricing),
      ...Object.fromEntries(stages.map(({ stage, medianMs }) => [`${stage}StageOverPricing`, round(medianMs / pricing)])),
      fastestScanOverFastestPricing: round(measured[0]!.fastestMs / measured[2]!.fastestMs),
      scanContractsPerSecond: Math.round((snapshot.size / full) * 1_000),
      decodedScanContractsPerSecond: Math.round((snapshot.size / mainThread) * 1_000),
      targetMet: full <= 2 * pricing,
    },
  };
}

interface StageTime {
  readonly stage: string;
  readonly medianMs: number;
}

/** What a pass spends in its stages, and in the rest: filters, results, bookkeeping. */
async function measureStages(clock: StageClock, pass: () => Promise<unknown>): Promise<readonly StageTime[]> {
  const times = new Map<string, number[]>();
  const note = (stage: string, ms: number) => void times.set(stage, [...(times.get(stage) ?? []), ms]);
  for (let round = -WARMUP_ROUNDS; round < STAGE_ROUNDS; round++) {
    const startedMs = cpuTimeMs();
    await pass();
    let restMs = cpuTimeMs() - startedMs;
    for (const [stage, ms] of clock.take()) {
      restMs -= ms;
      if (round >= 0) note(stage, ms);
    }
    if (round >= 0) note('rest', restMs);
  }
  return [...times].map(([stage, ofStage]) => ({ stage, medianMs: ofStage.toSorted((a, b) => a - b)[ofStage.length >> 1]! }));
}

/** Apart from the others, because the garbage of JSON.parse would be collected on their time. */
async function compareJson(snapshot: ChainSnapshot, text: Uint8Array): Promise<readonly Measured[]> {
  return compareRounds({
    contestants: [
      {
        name: 'decoding alone, the same chain as JSON',
        run: () => decodeCboeJson(text, 'synthetic.json'),
        check: (answer) => {
          const { size, quotes } = answer as ChainSnapshot;
          if (size !== snapshot.size || quotes.bid.some((bid, row) => bid !== snapshot.quotes.bid[row]))
            throw new Error('expected the same quotes');
        },
      },
      {
        name: 'yardstick of decoding by objects: JSON.parse of it',
        run: () => JSON.parse(new TextDecoder().decode(text)),
        check: (answer) => {
          if ((answer as { data: { options: unknown[] } }).data.options.length !== snapshot.size)
            throw new Error('expected every contract');
        },
      },
    ],
    clock: 'cpu',
    rounds: 15,
    warmup: 5,
  });
}

function countCommas(bytes: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < bytes.length; i++) if (bytes[i] === COMMA) count++;
  return count;
}

function checkScan(outcome: ChainScanOutcome, accepted: readonly ScanResultDraft[], contracts: number): void {
  if (outcome.contracts !== contracts) throw new Error(`expected ${contracts} contracts, got ${outcome.contracts}`);
  if (outcome.candidates < 1_000) throw new Error(`expected thousands of candidates, got ${outcome.candidates}`);
  const filters = new Set(accepted.map((draft) => draft.filterId));
  if (outcome.results !== accepted.length || filters.size < 3)
    throw new Error(`expected results of at least 3 presets, got ${accepted.length} of ${filters.size}`);
  for (const { metrics, symbol } of accepted) {
    if (symbol !== 'SPX' || metrics.score === null || metrics.netCredit === null) throw new Error('expected whole results');
  }
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
