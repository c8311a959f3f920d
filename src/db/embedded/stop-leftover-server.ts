import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { DataDirectoryInUseError } from './embedded-postgres-errors.ts';
import { CLUSTER_NAME } from './postgres-settings.ts';
import { readPostmasterPid, removePostmasterPid } from './postmaster-pid-file.ts';
import type { ProcessTable } from './process-table.ts';

export interface LeftoverServerDeps {
  readonly clusterDirectory: string;
  readonly processes: ProcessTable;
  readonly platform: NodeJS.Platform;
  readonly log: Pick<Logger, 'warn'>;
  readonly signal: (pid: number, name: NodeJS.Signals) => void;
  /** How long the left server has after each of: fast shutdown, immediate shutdown, kill. */
  readonly patienceMs: { readonly fast: number; readonly immediate: number; readonly kill: number };
}

const POLL_MS = 25;

/**
 * Clears the way for a server on this data directory. Called under the supervisor lock, so a server of ours that still runs has lost its
 * supervisor (killed, and the kernel could not or did not yet tell the server): it is stopped and waited for. A pid file that is empty, broken, or names a process that
 * is gone or is not a PostgreSQL on this directory, is removed, since PostgreSQL itself would refuse to start over it.
 * @throws DataDirectoryInUseError when a PostgreSQL that was not started by us runs here.
 */
export async function stopLeftoverServer(deps: LeftoverServerDeps): Promise<void> {
  const { clusterDirectory, log } = deps;
  const pid = await readPostmasterPid(clusterDirectory);
  if (pid === 'absent') return;
  const running = pid === 'unreadable' ? 'none' : await classify(deps, pid);
  if (running === 'foreign') {
    throw new DataDirectoryInUseError(
      `expected no PostgreSQL on ${clusterDirectory}, got process ${pid}, which another program started: stop it, or use another data directory`,
    );
  }
  if (running === 'ours') {
    log.warn({ processId: pid }, 'stopping a PostgreSQL that lost its supervisor');
    await stopServer(deps, pid as number);
  } else {
    log.warn({ processId: pid }, 'removing the pid file of a PostgreSQL that is gone');
  }
  if (pid !== 'unreadable') await untilEnded(deps, pid);
  // A server that ended by itself meanwhile has removed it.
  await removePostmasterPid(clusterDirectory);
}

async function stopServer(deps: LeftoverServerDeps, pid: number): Promise<void> {
  const { patienceMs, clusterDirectory } = deps;
  for (const [name, waitMs] of [
    ['SIGINT', patienceMs.fast],
    ['SIGQUIT', patienceMs.immediate],
    ['SIGKILL', patienceMs.kill],
  ] as const) {
    try {
      deps.signal(pid, name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
    for (let waitedMs = 0; waitedMs < waitMs; waitedMs += POLL_MS) {
      if ((await classify(deps, pid)) !== 'ours') return;
      await delay(POLL_MS);
    }
  }
  throw new DataDirectoryInUseError(`expected the PostgreSQL left on ${clusterDirectory} to stop, got process ${pid} still running`);
}

/** A process that is ending has lost its command line before it gives its port back. */
async function untilEnded({ processes, patienceMs }: LeftoverServerDeps, pid: number): Promise<void> {
  for (let waitedMs = 0; waitedMs < patienceMs.kill; waitedMs += POLL_MS) {
    const isEnding = (await processes.commandLine(pid)) === null && (await processes.startMark(pid)) !== null;
    if (!isEnding) return;
    await delay(POLL_MS);
  }
}

async function classify({ clusterDirectory, processes, platform }: LeftoverServerDeps, pid: number): Promise<'ours' | 'foreign' | 'none'> {
  const commandLine = await processes.commandLine(pid);
  if (commandLine === null) return 'none';
  // Only the name of the program is known there; under our lock it is ours.
  if (platform === 'win32') return commandLine.toLowerCase() === 'postgres.exe' ? 'ours' : 'none';
  const [program = ''] = commandLine.split('\n', 1);
  if (!/(^|\/)(postgres|postmaster)$/.test(program)) return 'none';
  const isHere = words(commandLine).includes(words(clusterDirectory)) || (await processes.workingDirectory(pid)) === clusterDirectory;
  // The process id may have gone to the PostgreSQL of another data directory.
  if (!isHere) return 'none';
  return words(commandLine).includes(words(`cluster_name=${CLUSTER_NAME}`)) ? 'ours' : 'foreign';
}

/** One word per line, so that only whole ones are found. */
function words(text: string): string {
  return `\n${text.replaceAll(' ', '\n')}\n`;
}
