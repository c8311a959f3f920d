import type { Postmaster, PostmasterExit } from '../../../src/db/embedded/postmaster.ts';

/** A server process without a process: it ends when it is told to, or has ended before it was ready. */
export interface APostmaster extends Postmaster {
  end(exit: Partial<PostmasterExit>): void;
  /** The times that stop was given. */
  readonly stops: readonly number[];
}

export function aPostmaster({ endsWith }: { endsWith?: string } = {}): APostmaster {
  const stops: number[] = [];
  const logTail = endsWith === undefined ? [] : [endsWith];
  let end: APostmaster['end'] = () => {};
  const exited = new Promise<PostmasterExit>((resolve) => {
    end = (exit) => resolve({ exitCode: null, signal: null, logTail, ...exit });
  });
  if (endsWith !== undefined) end({ exitCode: 1 });
  return {
    pid: 7,
    ready: Promise.resolve(endsWith === undefined),
    exited,
    logTail: () => logTail,
    stop: (timeoutMs) => {
      stops.push(timeoutMs);
      end({ exitCode: 0 });
      return exited;
    },
    end,
    stops,
  };
}
