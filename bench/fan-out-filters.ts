/*
 * 500 subscribers with 500 different filters, each letting about 1 % of the results through; batches of 100 results, so each subscriber gets something of about two batches
 * in three. Half of the filters name an underlying and a range of scores, half a range of scores only, which no index of symbols finds. What is counted is the same as in
 * `fan-out`. The stock server filters for each subscriber with yoga's operators, each trying the rows with the plain comparison the clients check by. The limit serialises and
 * sends what matches, with the same comparison, without GraphQL.
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
const PLAN = { batches: 30, rowsPerBatch: 100 };
const KINDS = [STRIKEWIRE, RAW, STOCK];

const OPERATIONS = Array.from({ length: SUBSCRIBERS }, (_, index): LiveOperation => ({ query: FILTERED_SCAN_RESULTS, variables: { filter: filterOf(index) } }));

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
      contestants.push(await startContestant({ kind, client, operations: OPERATIONS, subscribers: SUBSCRIBERS, databaseUrl: database.url }));
    }
    for (const contestant of contestants) await contestant.lockStep(PLAN);
    const measured = KINDS.map(() => [] as number[]);
    const messages: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const digests = new Set<string>();
      for (let turn = 0; turn < contestants.length; turn++) {
        const index = (round + turn) % contestants.length;
        const { microsecondsPerMessage, outcome } = await contestants[index]!.lockStep(PLAN);
        measured[index]!.push(microsecondsPerMessage);
        messages.push(outcome.messages);
        digests.add(outcome.digest);
      }
      if (digests.size !== 1) throw new Error(`expected all contestants to send the same payloads, got ${digests.size} different ones`);
    }
    return report(measured.map(median), median(messages) / (PLAN.batches * SUBSCRIBERS));
  } finally {
    for (const contestant of contestants) contestant.kill();
    client.kill();
    await database.stop();
  }
}

function report(microseconds: readonly number[], messagesPerBatch: number): Report {
  const [ours, limit, stock] = microseconds as [number, number, number];
  const ratio = (of: number, to: number) => Math.round((of / to) * 100) / 100;
  return {
    title: `${SUBSCRIBERS} subscribers with a filter each, about 1 % of the results match: processor time of the server for each delivered message`,
    peers: ['ws', 'graphql-yoga', 'graphql-ws'],
    header: ['', 'µs CPU / message', 'of the limit'],
    rows: KINDS.map(({ name }, index) => [name, microseconds[index]!.toFixed(2), `${(microseconds[index]! / limit).toFixed(2)} ×`]),
    notes: [
      `Each subscriber got a message for ${(100 * messagesPerBatch).toFixed(0)} % of the batches of ${PLAN.rowsPerBatch} results.`,
      `Target: ≥ 5 × less than stock; measured ${ratio(stock, ours)} ×.`,
    ],
    result: {
      microsecondsPerMessage: ratio(ours, 1),
      overLimit: ratio(ours, limit),
      lessThanStock: ratio(stock, ours),
      targetMet: stock >= 5 * ours,
    },
  };
}
