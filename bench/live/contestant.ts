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
}

export interface Contestant {
  readonly kind: ContestantKind;
  /** Publishes batch after batch, the next when everybody has the last one: microseconds of the server's processor time for each message. */
  lockStep(plan: RoundPlan): Promise<{ microsecondsPerMessage: number; outcome: RoundOutcome }>;
  /** Publishes at a fixed rate; milliseconds from publishing to arrival of every message at every sampled socket. */
  atRate(
    plan: RoundPlan,
    intervalMs: number,
    sampleEvery: number,
  ): Promise<{ latenciesMs: number[]; cpuShare: number; outcome: RoundOutcome }>;
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

  async function begin({ batches, rowsPerBatch }: RoundPlan, sampleEvery: number): Promise<void> {
    const rows = Array.from({ length: batches }, (_, batch) => liveRows(sequence + batch * rowsPerBatch, rowsPerBatch));
    const subscribersOf = operations.map((_, index) => Math.floor((subscribers - 1 - index) / operations.length) + 1);
    const matching = operations.map(({ variables }) =>
      rows.map((batch) => batch.filter((row) => isMatch(variables.filter, row)).map(globalId)),
    );
    await server.ask({ kind: 'prepare', firstSequence: sequence, batches, rowsPerBatch }, 'prepared');
    sequence += batches * rowsPerBatch;
    const messagesPerBatch = rows.map((_, batch) =>
      matching.reduce((count, ids, operation) => count + (ids[batch]!.length > 0 ? subscribersOf[operation]! : 0), 0),
    );
    await client.ask(
      { kind: 'round', target: kind.name, expected: matching.map((ids) => ids.flat()), messagesPerBatch, sampleEvery },
      'ready',
    );
    publishable = messagesPerBatch;
  }
  let publishable: number[] = [];

  const usage = () => server.ask<ServerUsage>({ kind: 'usage' }, 'usage');
  const ended = (outcome: RoundOutcome): RoundOutcome => {
    if (outcome.violations.length > 0) throw new Error(`${kind.name}: ${outcome.violations.join('; ')}`);
    return outcome;
  };

  return {
    kind,
    async lockStep(plan) {
      await begin(plan, 0);
      const before = await usage();
      const finished = client.next<RoundOutcome>('round');
      for (let batch = 0; batch < plan.batches; batch++) {
        const delivered = publishable[batch]! > 0 ? client.next('batch') : null;
        server.tell({ kind: 'publish', batch });
        await delivered;
      }
      const after = await usage();
      const outcome = ended(await finished);
      return { microsecondsPerMessage: (after.microseconds - before.microseconds) / outcome.messages, outcome };
    },
    async atRate(plan, intervalMs, sampleEvery) {
      await begin(plan, sampleEvery);
      const before = await usage();
      const startedAtMs = performance.now();
      const finished = client.next<RoundOutcome>('round');
      const { publishedAtMs } = await server.ask<{ publishedAtMs: number[] }>({ kind: 'publish-all', intervalMs }, 'published');
      const outcome = ended(await finished);
      const after = await usage();
      const cpuShare = (after.microseconds - before.microseconds) / 1_000 / (performance.now() - startedAtMs);
      return {
        latenciesMs: latencies(publishedAtMs, outcome, operations, sampleEvery, sequence - plan.batches * plan.rowsPerBatch, plan),
        cpuShare,
        outcome,
      };
    },
    kill: server.kill,
  };
}

function latencies(
  publishedAtMs: readonly number[],
  { arrivedAtMs }: RoundOutcome,
  operations: readonly LiveOperation[],
  sampleEvery: number,
  firstSequence: number,
  { batches, rowsPerBatch }: RoundPlan,
): number[] {
  // Which batches each operation was sent.
  const batchesOf = operations.map(({ variables }) =>
    Array.from({ length: batches }, (_, batch) => batch).filter((batch) =>
      liveRows(firstSequence + batch * rowsPerBatch, rowsPerBatch).some((row) => isMatch(variables.filter, row)),
    ),
  );
  return arrivedAtMs.flatMap((times, sample) => {
    const sent = batchesOf[(sample * sampleEvery) % operations.length]!;
    return times.map((arrived, index) => arrived - publishedAtMs[sent[index]!]!);
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
