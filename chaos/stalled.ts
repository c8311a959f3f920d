import type { ChaosEnvironment } from './chaos-environment.ts';
import type { ChaosReport } from './chaos-report.ts';
import { startHeavyReader } from './heavy-reader.ts';
import { type Load, startLoad } from './load.ts';
import { until } from './until.ts';

export interface StalledOptions {
  /** Clients that read, besides the one that stops. */
  readonly readers: number;
  readonly rounds: number;
  /** Results that each reader gets in each half of a round. */
  readonly resultsPerRound: number;
  /** Whether the readers' latency is judged; only sensible on a machine that has nothing else to do. */
  readonly isTimed: boolean;
}

/** What the server may hold for one subscriber, bytes of messages. */
const BUFFER_BYTES = 1_048_576;
/** Messages, what they are made from, and what the garbage collector has not got to yet. */
const MEMORY_ALLOWANCE_BYTES = 96 * 1_048_576;
/** p99 with a stalled client may be this much higher than without: twice the coarseness of the clock and the timers. */
const ALLOWED_FACTOR = 1.5;
const ALLOWED_MS = 10;
const SUBSCRIBER_TOO_SLOW = 4413;
const CLOSED_METRIC = 'strikewire_subscribers_closed_total';
/** So that the machine has time to spare: latencies on one that has none say nothing about a single client. */
const MODERATE_LOAD = { FEED_SIMULATED_UNDERLYINGS: '4', SCANNER_MINIMUM_INTERVAL_MS: '1000', SCANNER_RESULTS_PER_FILTER: '5' };

/**
 * One client among many subscribes to large messages and stops reading. In the first half of each round it reads, in the second it does not, so that both halves have the
 * same work. The others must not notice, the server's memory must stay bounded, and the client must be closed, with the reason once it reads again.
 */
export async function stalled(environment: ChaosEnvironment, options: StalledOptions): Promise<ChaosReport> {
  const { readers, rounds, resultsPerRound, isTimed } = options;
  const load = await startLoad({
    environment,
    servers: 1,
    followers: readers,
    withRedis: false,
    env: { GRAPHQL_SUBSCRIPTION_BUFFER_BYTES: String(BUFFER_BYTES), ...MODERATE_LOAD },
  });
  const server = load.servers[0]!;
  try {
    const calm: number[] = [];
    const disturbed: number[] = [];
    let calmMemory = 0;
    let disturbedMemory = 0;
    const closeCodes: number[] = [];
    const found: string[] = [];
    await load.progress(resultsPerRound);
    for (let round = 0; round < rounds; round++) {
      const reader = await startHeavyReader(server.webSocketUrl);
      calmMemory = Math.max(calmMemory, await measure(load, resultsPerRound, calm));
      reader.stall();
      disturbedMemory = Math.max(disturbedMemory, await measure(load, resultsPerRound, disturbed));
      // One comes back while the server says goodbye, the next one only when the server has given up on it.
      const isPatient = round % 2 === 0;
      if (isPatient)
        await until('the server to close the stalled client', async () => (await server.metric(CLOSED_METRIC)) > round, 120_000);
      else
        await until(
          'the stalled client to be cut',
          async () => (await server.metric('strikewire_websocket_connections')) === readers,
          120_000,
        );
      reader.readOn();
      const code = await reader.closed;
      if (isPatient && code !== SUBSCRIBER_TOO_SLOW)
        found.push(`expected a client that reads again to be told ${SUBSCRIBER_TOO_SLOW}, got ${code}`);
      closeCodes.push(code);
      environment.print(`round ${round + 1}: closed with ${code}`);
    }
    const { stored, delivered, violations } = await load.finish();
    const [calmP99, disturbedP99] = [percentile99(calm), percentile99(disturbed)];
    const growth = disturbedMemory - calmMemory;
    found.push(...violations);
    if (isTimed && disturbedP99 > ALLOWED_FACTOR * calmP99 + ALLOWED_MS) {
      found.push(`expected the others to go on as before, p99 ${calmP99} ms, got ${disturbedP99} ms`);
    }
    if (growth > BUFFER_BYTES + MEMORY_ALLOWANCE_BYTES) found.push(`expected memory to stay bounded, it grew by ${growth} bytes`);
    // A client whose connection was cut is told nothing by it, but does know that it is over.
    const untold = closeCodes.filter((code) => code !== SUBSCRIBER_TOO_SLOW).length;
    return {
      counts: {
        'clients that read': readers,
        'times a client stalled': rounds,
        'closed with 4413': closeCodes.length - untold,
        'cut without a code': untold,
        'results stored': stored,
        'results delivered': delivered,
        'p99 without, ms': calmP99,
        'p99 with a stalled client, ms': disturbedP99,
        'memory without, MiB': Math.round(calmMemory / 1_048_576),
        'memory with a stalled client, MiB': Math.round(disturbedMemory / 1_048_576),
      },
      violations: found,
    };
  } finally {
    await load.close();
  }
}

/** Adds the latencies of all readers until they have got so many results; the greatest resident memory meanwhile, bytes. */
async function measure(load: Load, results: number, latenciesMs: number[]): Promise<number> {
  const from = load.followers.map((follower) => follower.latenciesMs.length);
  let memory = 0;
  let isDone = false;
  const sampling = (async () => {
    while (!isDone) {
      memory = Math.max(memory, await load.servers[0]!.metric('process_resident_memory_bytes'));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  })();
  try {
    await load.progress(results);
  } finally {
    isDone = true;
    await sampling;
  }
  for (const [index, follower] of load.followers.entries()) latenciesMs.push(...follower.latenciesMs.slice(from[index]));
  return memory;
}

function percentile99(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.99)] ?? Number.NaN;
}
