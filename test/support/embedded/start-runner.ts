import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { RunnerAnswer, RunnerArguments } from './runner.ts';

export interface Runner {
  readonly process: ChildProcess;
  /** What it says when the server runs or could not be started. */
  readonly answer: Promise<RunnerAnswer>;
  /** Resolves when it is gone. */
  kill(signal: NodeJS.Signals): Promise<void>;
}

export interface RunnerOptions extends RunnerArguments {
  /** Copy of the repository to run it from; this one by default. */
  readonly checkout?: string;
  readonly user?: { readonly uid: number; readonly gid: number };
}

/** Runs an embedded PostgreSQL under a node process of its own. */
export function startRunner({ checkout, user, ...parameters }: RunnerOptions): Runner {
  const root = checkout ?? fileURLToPath(new URL('../../..', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/support/embedded/runner.ts', JSON.stringify(parameters)], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH, TSX_DISABLE_CACHE: '1' },
    ...user,
  });
  const exited = once(child, 'exit');
  const answer = new Promise<RunnerAnswer>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line) as RunnerAnswer));
    child.once('exit', (code, signal) => reject(new Error(`the runner ended with ${code ?? signal} before it said anything`)));
  });
  // A test that kills it early does not ask.
  answer.catch(() => {});
  return {
    process: child,
    answer,
    async kill(signal) {
      child.kill(signal);
      await exited;
    },
  };
}
