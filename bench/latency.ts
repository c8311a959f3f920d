/*
 * From publishing committed rows until the message is in the client's process, 1,000 subscribers, 200 batches of one result a second.
 * - spread: each subscriber follows one of 50 underlyings, so a batch goes to 20 sockets: 4,000 messages a second, for five seconds.
 * - all: every batch goes to every subscriber: 200,000 messages a second for one second, if the machine can send as many; the row of the limit tells. Here 40 sockets, evenly spread over
 *   the 1,000, are read at once and timed; the others are read every 50 ms and their bytes compared, because the clients would otherwise need more of the machine than the server.
 * Clocks: the monotonic one of the machine, in both processes. A batch that is due while the server is busy is published as soon as it is not; the time starts then.
 */
import { startBenchDatabase } from './bench-database.ts';
import { startChild } from './live/child.ts';
import { type Contestant, type ContestantKind, RAW, STOCK, STRIKEWIRE, startContestant } from './live/contestant.ts';
import { FILTERED_SCAN_RESULTS, type LiveOperation, SCAN_RESULTS } from './live/live-operation.ts';
import { SYMBOLS } from './live/live-rows.ts';
import { median, percentile } from './live/median.ts';
import type { Report } from './report.ts';

const SUBSCRIBERS = 1_000;
const ROUNDS = 3;
const INTERVAL_MS = 5;
const WARM_UP_BATCHES = 30;
/** The stock server does not keep up with either scenario: it is measured for a second, once; the longer, the worse it would look. */
const STOCK_BATCHES = 200;
const KINDS = [STRIKEWIRE, RAW, STOCK];

interface Scenario {
  readonly name: string;
  readonly operations: readonly LiveOperation[];
  readonly sampleEvery: number;
  readonly batches: number;
}

const SCENARIOS: readonly Scenario[] = [
  {
    name: 'spread',
    operations: SYMBOLS.map((symbol) => ({ query: FILTERED_SCAN_RESULTS, variables: { filter: { symbols: { in: [symbol] } } } })),
    sampleEvery: 1,
    batches: 1_000,
  },
  { name: 'all', operations: [{ query: SCAN_RESULTS, variables: {} }], sampleEvery: 25, batches: 200 },
];

interface Figures {
  readonly p50: number;
  readonly p99: number;
  readonly maximum: number;
  /** Of a core. */
  readonly cpuShare: number;
}

export async function run(): Promise<Report> {
  const database = await startBenchDatabase();
  try {
    const figures = new Map<string, Figures[]>();
    for (const scenario of SCENARIOS) figures.set(scenario.name, await measure(scenario, database.url));
    return report(figures);
  } finally {
    await database.stop();
  }
}

async function measure({ operations, sampleEvery, batches }: Scenario, databaseUrl: string): Promise<Figures[]> {
  const client = startChild('live-client.ts');
  const contestants: Contestant[] = [];
  try {
    for (const kind of KINDS) contestants.push(await startContestant({ kind, client, operations, subscribers: SUBSCRIBERS, databaseUrl }));
    for (const contestant of contestants) await contestant.lockStep({ batches: WARM_UP_BATCHES, rowsPerBatch: 1 });
    const rounds = KINDS.map(() => [] as Figures[]);
    for (let round = 0; round < ROUNDS; round++) {
      for (let turn = 0; turn < contestants.length; turn++) {
        const index = (round + turn) % contestants.length;
        const isStock = KINDS[index] === STOCK;
        if (isStock && round > 0) continue;
        const plan = { batches: isStock ? STOCK_BATCHES : batches, rowsPerBatch: 1 };
        const { latenciesMs, cpuShare } = await contestants[index]!.atRate(plan, INTERVAL_MS, sampleEvery);
        const [p50, p99, maximum] = [0.5, 0.99, 1].map((share) => percentile(latenciesMs, share)) as [number, number, number];
        rounds[index]!.push({ p50, p99, maximum, cpuShare });
      }
    }
    return rounds.map((of) => {
      const middle = (name: keyof Figures) => median(of.map((figures) => figures[name]));
      return { p50: middle('p50'), p99: middle('p99'), maximum: middle('maximum'), cpuShare: middle('cpuShare') };
    });
  } finally {
    for (const contestant of contestants) contestant.kill();
    client.kill();
  }
}

function report(figures: ReadonlyMap<string, readonly Figures[]>): Report {
  const of = (scenario: string, kind: ContestantKind) => figures.get(scenario)![KINDS.indexOf(kind)]!;
  const rounded = (value: number) => Math.round(value * 100) / 100;
  const [spread, all] = [of('spread', STRIKEWIRE), of('all', STRIKEWIRE)];
  const limit = of('all', RAW);
  return {
    title: `From publishing to the client, ${SUBSCRIBERS} subscribers, ${1_000 / INTERVAL_MS} batches a second: milliseconds`,
    peers: ['ws', 'graphql-yoga', 'graphql-ws'],
    header: ['', 'p50', 'p99', 'maximum', 'of a core'],
    rows: SCENARIOS.flatMap(({ name }) =>
      KINDS.map((kind) => {
        const { p50, p99, maximum, cpuShare } = of(name, kind);
        return [`${name}: ${kind.name}`, p50.toFixed(2), p99.toFixed(2), maximum.toFixed(2), `${(100 * cpuShare).toFixed(0)} %`];
      }),
    ),
    notes: [
      'spread: each subscriber follows one of 50 underlyings; all: every batch goes to every subscriber.',
      `Target: p99 < 10 ms; measured ${spread.p99.toFixed(2)} ms (spread), ${all.p99.toFixed(2)} ms (all; the limit itself ${limit.p99.toFixed(2)} ms on this machine, which counts where it is above).`,
    ],
    result: {
      spreadP50Ms: rounded(spread.p50),
      spreadP99Ms: rounded(spread.p99),
      spreadMaximumMs: rounded(spread.maximum),
      stockSpreadP99Ms: rounded(of('spread', STOCK).p99),
      allP50Ms: rounded(all.p50),
      allP99Ms: rounded(all.p99),
      limitAllP99Ms: rounded(limit.p99),
      stockAllP99Ms: rounded(of('all', STOCK).p99),
      // Where sending ready bytes takes longer than the target, the target is to be as fast as that.
      targetMet: spread.p99 < 10 && (all.p99 < 10 || all.p99 <= 1.5 * limit.p99),
    },
  };
}
