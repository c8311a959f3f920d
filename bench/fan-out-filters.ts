/*
 * 500 subscribers with 500 different filters, each letting about 1 % of the results through, and batches of 1 and of 20 results. Half of the filters name an underlying and a
 * range of scores, half a range of scores only, which no index of symbols finds. What is counted is the same as in `fan-out`; 50 batches of one result (5 of 20) follow each
 * other before the clients are waited for. The stock server filters for each subscriber with yoga's operators, each trying the rows with the plain comparison the clients
 * check by. The limit serialises and sends what matches, with the same comparison, without GraphQL.
 */
import { startBenchDatabase } from './bench-database.ts';
import { startChild } from './live/child.ts';
import { type Contestant, RAW, STOCK, STRIKEWIRE, startContestant } from './live/contestant.ts';
import { FILTERED_SCAN_RESULTS, type LiveFilter, type LiveOperation } from './live/live-operation.ts';
import { SYMBOLS } from './live/live-rows.ts';
import { median } from './live/median.ts';
import type { Report } from './report.ts';

const SUBSCRIBERS = 500;
const ROUNDS = 7;
const PLANS = [
  { batches: 500, rowsPerBatch: 1, batchesAtOnce: 50 },
  { batches: 50, rowsPerBatch: 20, batchesAtOnce: 5 },
] as const;
const KINDS = [STRIKEWIRE, RAW, STOCK];

const OPERATIONS = Array.from(
  { length: SUBSCRIBERS },
  (_, index): LiveOperation => ({ query: FILTERED_SCAN_RESULTS, variables: { filter: filterOf(index) } }),
);

/** One of 50 underlyings and half of all scores, or a hundredth of all scores; no two the same. */
function filterOf(index: number): LiveFilter {
  const min = (index * 98) / SUBSCRIBERS;
  if (index % 2 === 1) return { score: { min, max: min + 1 } };
  const low = min / 2;
  return { symbols: { in: [SYMBOLS[(index / 2) % SYMBOLS.length]!] }, score: { min: low, max: low + 50 } };
}

export async function run(): Promise<Report> {
  const database = await startBenchDatabase();
  const client = startChild('live-client.ts');
  const contestants: Contestant[] = [];
  try {
    for (const kind of KINDS) {
      contestants.push(
        await startContestant({ kind, client, operations: OPERATIONS, subscribers: SUBSCRIBERS, databaseUrl: database.url }),
      );
    }
    const medians: number[][] = [];
    for (const plan of PLANS) {
      for (let i = 0; i < 2; i++) for (const contestant of contestants) await contestant.lockStep(plan);
      const measured = KINDS.map(() => [] as number[]);
      for (let round = 0; round < ROUNDS; round++) {
        const digests = new Set<string>();
        for (let turn = 0; turn < contestants.length; turn++) {
          const index = (round + turn) % contestants.length;
          const { microsecondsPerMessage, outcome } = await contestants[index]!.lockStep(plan);
          measured[index]!.push(microsecondsPerMessage);
          digests.add(outcome.digest);
        }
        if (digests.size !== 1) throw new Error(`expected all contestants to send the same payloads, got ${digests.size} different ones`);
      }
      medians.push(measured.map(median));
    }
    return report(medians);
  } finally {
    for (const contestant of contestants) contestant.kill();
    client.kill();
    await database.stop();
  }
}

function report(medians: readonly number[][]): Report {
  const ratio = (of: number, to: number) => Math.round((of / to) * 100) / 100;
  const [one, twenty] = medians as [number[], number[]];
  const lessThanStock = medians.map(([ours, , stock]) => ratio(stock!, ours!)) as [number, number];
  return {
    title: `${SUBSCRIBERS} subscribers with a filter each, about 1 % of the results match: processor time of the server for each delivered message`,
    peers: ['ws', 'graphql-yoga', 'graphql-ws'],
    header: ['', 'µs, 1 result', 'of the limit', 'µs, 20 results', 'of the limit'],
    rows: KINDS.map(({ name }, index) => [
      name,
      one[index]!.toFixed(1),
      `${(one[index]! / one[1]!).toFixed(2)} ×`,
      twenty[index]!.toFixed(1),
      `${(twenty[index]! / twenty[1]!).toFixed(2)} ×`,
    ]),
    notes: [`Target: ≥ 5 × less than stock; measured ${lessThanStock[0]} × with 1 result in a batch, ${lessThanStock[1]} × with 20.`],
    result: {
      microsecondsAt1: ratio(one[0]!, 1),
      microsecondsAt20: ratio(twenty[0]!, 1),
      lessThanStockAt1: lessThanStock[0],
      lessThanStockAt20: lessThanStock[1],
      overLimitAt1: ratio(one[0]!, one[1]!),
      overLimitAt20: ratio(twenty[0]!, twenty[1]!),
      targetMet: lessThanStock[0] >= 5,
    },
  };
}
