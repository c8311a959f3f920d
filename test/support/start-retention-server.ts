import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A batch was rolled up; a chunk was removed; a run of the retention has ended, well or not. */
export type RetentionProgress = 'ROLLED_UP' | 'REMOVED' | 'RAN' | 'FAILED';

/** A process that rolls up and removes what has expired, to be killed. */
export interface RetentionServer {
  /** Resolves at the next one of this kind; of any kind when none is given. */
  next(kind?: RetentionProgress): Promise<RetentionProgress>;
  /** SIGKILL. Resolves when it is gone. */
  kill(): Promise<void>;
}

const PROGRAM = fileURLToPath(new URL('./retention-server-process.ts', import.meta.url));

/** @param nowMs what the process takes for now, epoch milliseconds */
export function startRetentionServer(databaseUrl: string, nowMs: number): RetentionServer {
  const child = spawn(process.execPath, ['--import', 'tsx', PROGRAM], {
    env: { ...process.env, RETENTION_DATABASE_URL: databaseUrl, RETENTION_NOW_MS: String(nowMs) },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  return {
    next: (kind) =>
      new Promise((resolve, reject) => {
        const onMessage = (progress: RetentionProgress) => {
          if (kind !== undefined && progress !== kind) return;
          child.off('message', onMessage);
          child.off('exit', onExit);
          resolve(progress);
        };
        const onExit = (code: number | null, signal: string | null) => {
          child.off('message', onMessage);
          reject(new Error(`expected progress of the retention, but its process ended with ${code ?? signal}`));
        };
        child.on('message', onMessage);
        child.once('exit', onExit);
      }),
    async kill() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await exited;
    },
  };
}
