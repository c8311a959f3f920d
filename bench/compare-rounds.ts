/** One of the programs that are measured against each other on the same work. */
export interface Contestant {
  readonly name: string;
  /** Does the work once. What it returns goes to `check`. May be asynchronous; the time until it settles counts. */
  readonly run: () => unknown;
  /** Throws (or rejects) when the answer is wrong: a wrong answer has no time. Runs once, before any measurement, outside the clock. */
  readonly check: (answer: unknown) => unknown;
}

export interface Measured {
  readonly name: string;
  /** Median time of one run by the chosen clock, in milliseconds. */
  readonly medianMs: number;
  /** Shortest and longest run, in milliseconds. */
  readonly fastestMs: number;
  readonly slowestMs: number;
}

/**
 * Runs all contestants in one process in alternating rounds, so that a noisy machine is noisy for all of them; each round starts with the next contestant.
 * First every contestant runs `warmup` times (at least once) and its answer is checked.
 */
export async function compareRounds(options: {
  readonly contestants: readonly Contestant[];
  readonly rounds: number;
  readonly warmup: number;
  /**
   * `wall` (the default), or `cpu`: the processor time of this process, all its threads. For contestants that only compute, so that other programs on the
   * machine do not count.
   */
  readonly clock?: 'wall' | 'cpu';
}): Promise<readonly Measured[]> {
  const { contestants, rounds, warmup } = options;
  const nowMs = options.clock === 'cpu' ? cpuTimeMs : () => performance.now();
  for (const contestant of contestants) {
    let answer: unknown;
    for (let i = 0; i < Math.max(1, warmup); i++) answer = await contestant.run();
    await contestant.check(answer);
  }
  const times = contestants.map(() => [] as number[]);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < contestants.length; turn++) {
      const index = (round + turn) % contestants.length;
      const startedMs = nowMs();
      await contestants[index]!.run();
      times[index]!.push(nowMs() - startedMs);
    }
  }
  return contestants.map(({ name }, index) => {
    const sorted = times[index]!.toSorted((a, b) => a - b);
    return { name, medianMs: median(sorted), fastestMs: sorted[0]!, slowestMs: sorted.at(-1)! };
  });
}

/** Processor time of this process, all its threads, in milliseconds. */
export function cpuTimeMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Median of ascending numbers. */
function median(sorted: readonly number[]): number {
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
