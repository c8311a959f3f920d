import { setTimeout as delay } from 'node:timers/promises';
import { DataDirectoryInUseError, PostgresStartError } from './embedded-postgres-errors.ts';
import type { Postmaster } from './postmaster.ts';

export interface LaunchServerDeps {
  readonly spawnOn: (port: number) => Postmaster;
  readonly port: number;
  /** Another port when that one is taken; null: it must be that one. */
  readonly anotherPort: (() => Promise<number>) | null;
  readonly clusterDirectory: string;
  /** Told of each server process, so that it can be stopped while it starts. */
  readonly onSpawned: (postmaster: Postmaster) => void;
}

export interface LaunchedServer {
  readonly postmaster: Postmaster;
  readonly port: number;
}

/** src/backend/port/sysv_shmem.c, libpq/pqcomm.c, utils/init/miscinit.c. */
const PORT_TAKEN = /could not bind IPv\d address|could not create any TCP\/IP sockets/;
const SHARED_MEMORY_IN_USE = /pre-existing shared memory block .* is still in use/;
const LOCKED = /lock file "postmaster\.pid" already exists/;

const PORT_ATTEMPTS = 5;
/** Processes of a killed server need a moment to notice that it is gone. */
const SHARED_MEMORY_ATTEMPTS = 100;
const SHARED_MEMORY_PAUSE_MS = 100;
const STOP_TIMEOUT_MS = 5_000;

/** Starts a server and waits until it accepts connections. @throws PostgresStartError, DataDirectoryInUseError */
export async function launchServer(deps: LaunchServerDeps): Promise<LaunchedServer> {
  let { port } = deps;
  let portAttempts = 1;
  let memoryAttempts = 1;
  for (;;) {
    const postmaster = deps.spawnOn(port);
    deps.onSpawned(postmaster);
    if (await postmaster.ready) return { postmaster, port };
    const { exitCode, signal, logTail } = await postmaster.stop(STOP_TIMEOUT_MS);
    const log = logTail.join('\n');
    if (PORT_TAKEN.test(log) && deps.anotherPort && portAttempts++ < PORT_ATTEMPTS) {
      port = await deps.anotherPort();
    } else if (SHARED_MEMORY_IN_USE.test(log) && memoryAttempts++ < SHARED_MEMORY_ATTEMPTS) {
      await delay(SHARED_MEMORY_PAUSE_MS);
    } else if (LOCKED.test(log)) {
      throw new DataDirectoryInUseError(
        `expected no PostgreSQL on ${deps.clusterDirectory}, got one that holds its postmaster.pid:\n${log}`,
      );
    } else {
      throw new PostgresStartError(
        `expected PostgreSQL to accept connections on port ${port}, got exit ${exitCode ?? signal}; its last lines:\n${log}`,
      );
    }
  }
}
