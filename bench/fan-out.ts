/*
 * The same operation for 500 subscribers, 1 and 20 results in each batch: processor time of the server for each delivered message, from the moment committed rows are
 * published until the bytes are with the kernel. Every contestant runs in a process of its own and is given the same rows, made before; the next batch is published when
 * every subscriber has the last one. What storing costs is not counted here (see `insert`), nor is reading back, because nobody lags.
 *
 * Beside the product: `ws` broadcasting the same bytes, ready made (the limit), graphql-yoga with graphql-ws as documented, and mercurius.
 * All must send every subscriber the same payloads; the clients, in another process, compare each message with what the others got.
 */
import { startBenchDatabase } from './bench-database.ts';
import { startChild } from './live/child.ts';
import { type Contestant, MERCURIUS, RAW, STOCK, STRIKEWIRE, startContestant } from './live/contestant.ts';
import { SCAN_RESULTS } from './live/live-operation.ts';
import { median } from './live/median.ts';
import type { Report } from './report.ts';

const SUBSCRIBERS = 500;
const ROUNDS = 7;
/**
 * Until the compiler has done its work. Peers execute once for each subscriber, so they get there 500 times sooner; without more batches for those that execute once for all,
 * cold code would be compared with hot code.
 */
const WARM_UP = { shared: { batches: 600, rowsPerBatch: 20 }, each: { batches: 10, rowsPerBatch: 20 } };
const PLANS = [
  { batches: 40, rowsPerBatch: 1 },
  { batches: 15, rowsPerBatch: 20 },
] as const;
const KINDS = [STRIKEWIRE, RAW, STOCK, MERCURIUS];

export async function run(): Promise<Report> {
  const database = await startBenchDatabase();
  const client = startChild('live-client.ts');
  const contestants: Contestant[] = [];
  try {
    for (const kind of KINDS) {
      contestants.push(
        await startContestant({
          kind,
          client,
          operations: [{ query: SCAN_RESULTS, variables: {} }],
          subscribers: SUBSCRIBERS,
          databaseUrl: database.url,
        }),
      );
    }
    const { shared, each } = WARM_UP;
    for (const contestant of contestants) {
      const isShared = contestant.kind === STRIKEWIRE || contestant.kind === RAW;
      await contestant.lockStep(isShared ? shared : each);
      if (!isShared) contestant.skip((shared.batches - each.batches) * shared.rowsPerBatch);
    }
    const medians: number[][] = [];
    for (const plan of PLANS) {
      for (const contestant of contestants) await contestant.lockStep({ ...plan, batches: 5 });
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
  const [one, twenty] = medians as [number[], number[]];
  const ratio = (of: number, to: number) => Math.round((of / to) * 100) / 100;
  const of = ([ours, limit, stock, mercurius]: number[]) => ({
    overLimit: ratio(ours!, limit!),
    lessThanBestPeer: ratio(Math.min(stock!, mercurius!), ours!),
  });
  const [atOne, atTwenty] = [of(one), of(twenty)];
  return {
    title: `${SUBSCRIBERS} subscribers of one operation: processor time of the server for each delivered message`,
    peers: ['ws', 'graphql-yoga', 'graphql-ws', 'mercurius', 'fastify'],
    header: ['', 'µs, 1 result', 'of the limit', 'µs, 20 results', 'of the limit'],
    rows: KINDS.map(({ name }, index) => [
      name,
      one[index]!.toFixed(2),
      `${(one[index]! / one[1]!).toFixed(2)} ×`,
      twenty[index]!.toFixed(2),
      `${(twenty[index]! / twenty[1]!).toFixed(2)} ×`,
    ]),
    notes: [
      `Targets: ≤ 1.5 × limit; measured ${atOne.overLimit} × and ${atTwenty.overLimit} ×.`,
      `≥ 4 × less than the best peer with 1 result, measured ${atOne.lessThanBestPeer} ×; ≥ 15 × with 20, measured ${atTwenty.lessThanBestPeer} ×.`,
    ],
    result: {
      microsecondsAt1: ratio(one[0]!, 1),
      microsecondsAt20: ratio(twenty[0]!, 1),
      overLimitAt1: atOne.overLimit,
      overLimitAt20: atTwenty.overLimit,
      lessThanBestPeerAt1: atOne.lessThanBestPeer,
      lessThanBestPeerAt20: atTwenty.lessThanBestPeer,
      targetMet: atOne.overLimit <= 1.5 && atTwenty.overLimit <= 1.5 && atOne.lessThanBestPeer >= 4 && atTwenty.lessThanBestPeer >= 15,
    },
  };
}
