import type { ScanResult } from '../../dist/domain/results/scan-result.js';
import { type Child, startChild } from './child.ts';
import type { RoundOutcome } from './client-command.ts';
import type { LiveOperation } from './live-operation.ts';
import { globalId, isMatch, liveRows } from './live-rows.ts';
import type { ServerUsage } from './serve-live.ts';

/** A server that takes part, and the subscribers it has. */
export interface ContestantKind {
  readonly name: string;
  readonly script: string;
  readonly hasFirstItem: boolean;
}

export const STRIKEWIRE: ContestantKind = { name: 'strikewire', script: 'serve-product.ts', hasFirstItem: true };
export const RAW: ContestantKind = { name: 'limit: raw ws', script: 'serve-raw.ts', hasFirstItem: false };
export const STOCK: ContestantKind = { name: 'stock graphql-yoga + graphql-ws', script: 'serve-stock.ts', hasFirstItem: false };
export const MERCURIUS: ContestantKind = { name: 'mercurius', script: 'serve-mercurius.ts', hasFirstItem: false };

export interface RoundPlan {
  readonly batches: number;
  readonly rowsPerBatch: number;
  /** Batches published before waiting; 1 if not stated. */
  readonly batchesAtOnce?: number;
}

interface Begun {
  /** Of each batch. */
  readonly rows: readonly ScanResult[][];
  readonly messagesPerStep: readonly number[];
}

export interface Contestant {
  readonly kind: ContestantKind;
  /** Publishes batch after batch, the next ones when everybody has the last ones: microseconds of the server's processor time for each message. */
  lockStep(plan: RoundPlan): Promise<{ microsecondsPerMessage: number; outcome: RoundOutcome }>;
  /** Publishes at a fixed rate; milliseconds from publishing to arrival of every message at every sampled socket. */
  atRate(
    plan: RoundPlan,
    intervalMs: number,
    sampleEvery: number,
  ): Promise<{ latenciesMs: number[]; cpuShare: number; outcome: RoundOutcome }>;
  /** Leaves out so many rows, to be at the same ones as the others again; only for servers that do not mind gaps in the numbers, as the product does. */
  skip(rows: number): void;
  kill(): void;
}

export interface ContestantOptions {
  readonly kind: ContestantKind;
  readonly client: Child;
  readonly operations: readonly LiveOperation[];
  readonly subscribers: number;
  readonly databaseUrl: string;
}

export async function startContestant({ kind, client, operations, subscribers, databaseUrl }: ContestantOptions): Promise<Contestant> {
  const server = startChild(kind.script, { env: { DATABASE_URL: databaseUrl } });
  const { port } = await server.next<{ port: number }>('listening');
  await client.ask(
    { kind: 'connect', target: kind.name, port, operations, subscribers, localAddresses: ['127.0.0.1'], hasFirstItem: kind.hasFirstItem },
    'connected',
  );
  while ((await server.ask<{ count: number }>({ kind: 'subscribers' }, 'subscribers')).count < subscribers) await pause(20);
  // Iterables of the peers begin to listen a moment after they were made.
  await pause(300);
  let sequence = 1;

  async function begin({ batches, rowsPerBatch, batchesAtOnce = 1 }: RoundPlan, sampleEvery: number): Promise<Begun> {
    const rows = Array.from({ length: batches }, (_, batch) => liveRows(sequence + batch * rowsPerBatch, rowsPerBatch));
    const subscribersOf = operations.map((_, index) => Math.floor((subscribers - 1 - index) / operations.length) + 1);
    const matching = operations.map(({ variables }) =>
      rows.map((batch) => batch.filter((row) => isMatch(variables.filter, row)).map(globalId)),
    );
    await server.ask({ kind: 'prepare', firstSequence: sequence, batches, rowsPerBatch }, 'prepared');
    sequence += batches * rowsPerBatch;
    const messagesOf = rows.map((_, batch) =>
      matching.reduce((count, ids, operation) => count + (ids[batch]!.length > 0 ? subscribersOf[operation]! : 0), 0),
    );
    const messagesPerStep = Array.from({ length: Math.ceil(batches / batchesAtOnce) }, (_, step) =>
      messagesOf.slice(step * batchesAtOnce, (step + 1) * batchesAtOnce).reduce((sum, count) => sum + count, 0),
    );
    await client.ask(
      { kind: 'round', target: kind.name, expected: matching.map((ids) => ids.flat()), messagesPerStep, sampleEvery },
      'ready',
    );
    return { rows, messagesPerStep };
  }

  const usage = () => server.ask<ServerUsage>({ kind: 'usage' }, 'usage');
  const ended = (outcome: RoundOutcome): RoundOutcome => {
    if (outcome.violations.length > 0) throw new Error(`${kind.name}: ${outcome.violations.join('; ')}`);
    return outcome;
  };

  return {
    kind,
    async lockStep(plan) {
      const { messagesPerStep } = await begin(plan, 0);
      const before = await usage();
      const finished = client.next<RoundOutcome>('round');
      const { batchesAtOnce = 1 } = plan;
      for (const [step, messages] of messagesPerStep.entries()) {
        const delivered = messages > 0 ? client.next('step') : null;
        server.tell({ kind: 'publish', from: step * batchesAtOnce, count: batchesAtOnce });
        await delivered;
      }
      const after = await usage();
      const outcome = ended(await finished);
      return { microsecondsPerMessage: (after.microseconds - before.microseconds) / outcome.messages, outcome };
    },
    async atRate(plan, intervalMs, sampleEvery) {
      const { rows } = await begin(plan, sampleEvery);
      const before = await usage();
      const startedAtMs = performance.now();
      const finished = client.next<RoundOutcome>('round');
      const { publishedAtMs } = await server.ask<{ publishedAtMs: number[] }>({ kind: 'publish-all', intervalMs }, 'published');
      const outcome = ended(await finished);
      const after = await usage();
      const cpuShare = (after.microseconds - before.microseconds) / 1_000 / (performance.now() - startedAtMs);
      return {
        latenciesMs: latencies(rows, publishedAtMs, outcome, operations, sampleEvery),
        cpuShare,
        outcome,
      };
    },
    skip(rows) {
      sequence += rows;
    },
    kill: server.kill,
  };
}

/** @param rows of each batch */
function latencies(
  rows: readonly ScanResult[][],
  publishedAtMs: readonly number[],
  { arrivedAtMs }: RoundOutcome,
  operations: readonly LiveOperation[],
  sampleEvery: number,
): number[] {
  const sentAtMs = operations.map(({ variables }) =>
    publishedAtMs.filter((_, batch) => rows[batch]!.some((row) => isMatch(variables.filter, row))),
  );
  return arrivedAtMs.flatMap((times, sample) => {
    const sent = sentAtMs[(sample * sampleEvery) % operations.length]!;
    return times.map((arrived, index) => arrived - sent[index]!);
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
