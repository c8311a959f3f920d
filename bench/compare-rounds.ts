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
  /** Median wall-clock time of one run, in milliseconds. */
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
}): Promise<readonly Measured[]> {
  const { contestants, rounds, warmup } = options;
  for (const contestant of contestants) {
    let answer: unknown;
    for (let i = 0; i < Math.max(1, warmup); i++) answer = await contestant.run();
    await contestant.check(answer);
  }
  const times = contestants.map(() => [] as number[]);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < contestants.length; turn++) {
      const index = (round + turn) % contestants.length;
      const started = performance.now();
      await contestants[index]!.run();
      times[index]!.push(performance.now() - started);
    }
  }
  return contestants.map(({ name }, index) => {
    const sorted = times[index]!.toSorted((a, b) => a - b);
    return { name, medianMs: median(sorted), fastestMs: sorted[0]!, slowestMs: sorted.at(-1)! };
  });
}

/** Median of ascending numbers. */
function median(sorted: readonly number[]): number {
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
