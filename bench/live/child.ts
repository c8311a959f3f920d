import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { shippedFlags } from '../shipped-flags.ts';

/** A process of the benchmark that is talked to by messages. */
export interface Child {
  readonly process: ChildProcess;
  tell(message: object): void;
  /** Resolves with the next message of this kind. */
  next<T>(kind: string): Promise<T>;
  ask<T>(message: object, answerKind: string): Promise<T>;
  on(kind: string, handler: (message: never) => void): void;
  kill(): void;
}

export interface ChildOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly nodeArguments?: readonly string[];
  readonly scriptArguments?: readonly string[];
  /** Most files it may open; what the system allows if not stated. */
  readonly openFiles?: number;
}

/** @param script a file of this folder */
export function startChild(script: string, { env = {}, nodeArguments = [], scriptArguments = [], openFiles }: ChildOptions = {}): Child {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const nodeCommand = ['--import', 'tsx', ...shippedFlags(file), ...nodeArguments, file, ...scriptArguments];
  // The limit of this process's children can be raised by a shell only.
  const raised = `ulimit -n ${openFiles} && exec "$0" "$@"`;
  const [program, programArguments] =
    openFiles === undefined ? [process.execPath, nodeCommand] : ['sh', ['-c', raised, process.execPath, ...nodeCommand]];
  const child = spawn(program, programArguments, {
    env: { ...process.env, NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const waiting = new Map<string, ((message: never) => void)[]>();
  const handlers = new Map<string, (message: never) => void>();
  const failures = new Set<(error: Error) => void>();
  child.on('message', (message) => {
    const { kind } = message as { kind: string };
    handlers.get(kind)?.(message as never);
    waiting.get(kind)?.shift()?.(message as never);
  });
  child.on('exit', (code, signal) => {
    for (const fail of failures) fail(new Error(`expected ${script} to go on, it ended with ${code ?? signal}`));
  });
  const next = <T>(kind: string) =>
    new Promise<T>((resolve, reject) => {
      const settle = (message: T) => {
        failures.delete(reject);
        resolve(message);
      };
      failures.add(reject);
      waiting.set(kind, [...(waiting.get(kind) ?? []), settle as never]);
    });
  return {
    process: child,
    tell: (message) => child.send(message),
    next,
    ask(message, answerKind) {
      const answer = next<never>(answerKind);
      child.send(message);
      return answer;
    },
    on: (kind, handler) => handlers.set(kind, handler),
    kill: () => child.kill('SIGKILL'),
  };
}
