import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type CommandRequest, identityCommand } from './identity-command.ts';
import type { PostgresSettings } from './postgres-settings.ts';
import { createServerLog } from './server-log.ts';

export interface PostmasterExit {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last lines it logged, oldest first. */
  readonly logTail: readonly string[];
}

/** A server process. */
export interface Postmaster {
  readonly pid: number | undefined;
  /** True once it accepts connections, false when it ended before that or did not get there in time. */
  readonly ready: Promise<boolean>;
  /** Never rejects. */
  readonly exited: Promise<PostmasterExit>;
  logTail(): readonly string[];
  /**
   * Fast shutdown (connections are ended, data is flushed); when it takes too long an immediate one (the next start recovers from the log); then kill.
   * Resolves when the process is gone. Idempotent.
   */
  stop(timeoutMs: number): Promise<PostmasterExit>;
}

export interface PostmasterDeps extends Pick<CommandRequest, 'identity' | 'machine' | 'deathSignal' | 'workingDirectory'> {
  readonly binDirectory: string;
  readonly clusterDirectory: string;
  readonly settings: PostgresSettings;
  readonly log: Pick<Logger, 'debug' | 'error'>;
  readonly readyTimeoutMs: number;
}

/** With `log_destination` stderr and `lc_messages` C; postmaster.c. */
const READY_LINE = 'database system is ready to accept connections';
/** Of the time to stop; what is left is for an immediate shutdown and for the kill. */
const FAST_SHARE = 0.7;
const IMMEDIATE_SHARE = 0.2;

export function spawnPostmaster(deps: PostmasterDeps): Postmaster {
  const { clusterDirectory, settings, machine } = deps;
  let stopping = false;
  let markReady: (isReady: boolean) => void = () => {};
  const ready = new Promise<boolean>((resolve) => {
    markReady = resolve;
  });
  const serverLog = createServerLog({
    log: deps.log,
    isStopping: () => stopping,
    onLine: (line) => {
      if (line.includes(READY_LINE)) markReady(true);
    },
  });
  const command = identityCommand({
    ...deps,
    file: postgresProgram(deps.binDirectory, machine.platform),
    arguments: ['-D', clusterDirectory, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
  });
  const child = spawn(command.file, command.arguments, {
    ...command.options,
    stdio: ['ignore', 'ignore', 'pipe'],
    // A process group of its own: Ctrl-C in a terminal goes to the whole group, and the server must live until our last batch is stored.
    detached: machine.platform !== 'win32',
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => serverLog.write(text));

  const timer = setTimeout(() => markReady(false), deps.readyTimeoutMs);
  const exited = new Promise<PostmasterExit>((resolve) => {
    const end = (exitCode: number | null, signal: NodeJS.Signals | null) => resolve({ exitCode, signal, logTail: serverLog.tail() });
    // `close` comes after the last line is read, but backends that outlive a killed postmaster hold the pipe open.
    child.once('exit', (exitCode, signal) => {
      const drained = setTimeout(() => end(exitCode, signal), 250);
      child.once('close', () => {
        clearTimeout(drained);
        end(exitCode, signal);
      });
    });
    child.once('error', (error) => {
      serverLog.write(`${error.message}\n`);
      if (child.pid === undefined) end(null, null);
    });
  }).finally(() => {
    clearTimeout(timer);
    markReady(false);
  });

  let stopped: Promise<PostmasterExit> | null = null;
  async function stop(timeoutMs: number): Promise<PostmasterExit> {
    stopping = true;
    const isGone = (withinMs: number) => within(exited, withinMs);
    shutDown(child, 'fast', deps);
    if (!(await isGone(timeoutMs * FAST_SHARE))) {
      shutDown(child, 'immediate', deps);
      if (!(await isGone(timeoutMs * IMMEDIATE_SHARE))) child.kill('SIGKILL');
    }
    return await exited;
  }

  return {
    pid: child.pid,
    ready,
    exited,
    logTail: serverLog.tail,
    stop: (timeoutMs) => {
      stopped ??= stop(timeoutMs);
      return stopped;
    },
  };
}

function postgresProgram(binDirectory: string, platform: NodeJS.Platform): string {
  return platform === 'win32' ? `${binDirectory}\\postgres.exe` : `${binDirectory}/postgres`;
}

/** Signals as in the manual, "Shutting Down the Server". Windows has none: pg_ctl reaches the server through a pipe. */
function shutDown(child: ChildProcess, mode: 'fast' | 'immediate', { machine, binDirectory, clusterDirectory }: PostmasterDeps): void {
  if (machine.platform === 'win32') {
    const parameters = ['stop', '-D', clusterDirectory, '-m', mode, '-W'];
    spawn(`${binDirectory}\\pg_ctl.exe`, parameters, { stdio: 'ignore', windowsHide: true }).on('error', () => child.kill());
  } else {
    child.kill(mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
  }
}

async function within(promise: Promise<unknown>, milliseconds: number): Promise<boolean> {
  const expired = new AbortController();
  try {
    return await Promise.race([promise.then(() => true), delay(milliseconds, false, { signal: expired.signal }).catch(() => false)]);
  } finally {
    expired.abort();
  }
}
