import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Logger } from 'pino';
import { choosePort } from './choose-port.ts';
import { currentMachine, type HostMachine } from './host-machine.ts';
import { createKeptValues } from './kept-values.ts';
import { launchServer } from './launch-server.ts';
import { type DataDirectoryPlace, locateDataDirectory } from './locate-data-directory.ts';
import { makeFolders } from './make-folders.ts';
import { openCluster } from './open-cluster.ts';
import { ownDataDirectory } from './own-data-directory.ts';
import { findPostgresPackage, type PostgresPackage } from './postgres-package.ts';
import { DISPOSABLE_SETTINGS, type PostgresSettings, PRODUCT_SETTINGS, supervisedSettings } from './postgres-settings.ts';
import { type Postmaster, spawnPostmaster } from './postmaster.ts';
import { createProcessTable, type ProcessTable } from './process-table.ts';
import { DEFAULT_RESTART_BACKOFF, type RestartBackoff } from './restart-delay.ts';
import { type PostgresRuntime, selectRuntime } from './select-runtime.ts';
import { stopLeftoverServer } from './stop-leftover-server.ts';
import { type Supervision, superviseServer } from './supervise-server.ts';
import { acquireSupervisorLock, type SupervisorLock } from './supervisor-lock.ts';

export interface EmbeddedPostgres extends Pick<Supervision, 'onExit' | 'onRestart'> {
  /** Address of the database with user and password: never log it. Stays the same over restarts of the server. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** Of the server, e.g. `18.4`. */
  readonly version: string;
  /** The data directory as it was resolved. */
  readonly dataDirectory: string;
  /** Fast shutdown, in the end by force; returns within the time (8 s by default) and a moment. Idempotent. */
  stop(timeoutMs?: number): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** Made when it does not exist; relative to the working directory. Holds the data, the password, the port and a lock. */
  readonly dataDirectory: string;
  /** Gets what PostgreSQL logs: FATAL and PANIC as errors, the rest for debugging. */
  readonly log: Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;
  /** For copies of the binaries, made only where the installed ones cannot be used. Default: `postgres-binaries` beside the data directory. */
  readonly binariesDirectory?: string;
  /** Data that may be lost, for tests: nothing is flushed to disk. */
  readonly disposable?: boolean;
  /** Called once PostgreSQL has begun to work, which takes a while: initdb for new data, else the server. */
  readonly onWorking?: () => void;
  /** Further server settings, as in postgresql.conf. */
  readonly settings?: PostgresSettings;
  readonly restartBackoff?: RestartBackoff;
  /** How long the server may take to accept connections; recovery after a crash replays up to a gigabyte of log. */
  readonly readyTimeoutMs?: number;
  /** Monotonic milliseconds. */
  readonly now?: () => number;
  /** Uniform in [0, 1). */
  readonly random?: () => number;
  readonly machine?: HostMachine;
}

const HOST = '127.0.0.1';
const USER_NAME = 'strikewire';
const DATABASE_NAME = 'postgres';
const DEFAULT_STOP_TIMEOUT_MS = 8_000;
const DEFAULT_READY_TIMEOUT_MS = 120_000;
/** The shutdown checkpoint of a laptop's buffers takes less than a second. */
const LEFTOVER_PATIENCE_MS = { fast: 10_000, immediate: 5_000, kill: 2_000 };

/**
 * Starts the PostgreSQL that came with npm on a data directory of its own, and keeps it running: after a crash it is started again, on the same port.
 * Survives that this process was killed, in the midst of anything: the next start recovers.
 * @throws PostgresBinariesMissingError, PostgresNotRunnableError, DataDirectoryInUseError, DataDirectoryNotOursError, DataDirectoryUnusableError,
 *   PostgresInitialisationError, PostgresStartError
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const machine = options.machine ?? currentMachine();
  const place = await locateDataDirectory(options.dataDirectory, machine);
  const postgresPackage = await findPostgresPackage({
    platform: machine.platform,
    architecture: machine.architecture,
    importModule: (name) => import(name),
  });
  const runtime = await selectRuntime({
    machine,
    postgresPackage,
    dataDirectory: place.path,
    parentDirectory: place.parent,
    binariesDirectory: options.binariesDirectory ?? join(dirname(place.path), 'postgres-binaries'),
  });
  await makeFolders(dirname(place.path));
  await mkdir(place.path, { mode: 0o700, recursive: true });
  const processes = createProcessTable(machine.platform);
  const lock = await acquireSupervisorLock({ dataDirectory: place.path, processId: machine.processId, processes });
  const spawned: Postmaster[] = [];
  try {
    const { port, password, supervision } = await startLocked({
      options,
      machine,
      place,
      postgresPackage,
      runtime,
      processes,
      lock,
      spawned,
    });
    let stopped: Promise<void> | null = null;
    return {
      url: `postgres://${USER_NAME}:${password}@${HOST}:${port}/${DATABASE_NAME}`,
      host: HOST,
      port,
      version: runtime.version,
      dataDirectory: place.path,
      onExit: supervision.onExit,
      onRestart: supervision.onRestart,
      stop: (timeoutMs = DEFAULT_STOP_TIMEOUT_MS) => {
        stopped ??= supervision.stop(timeoutMs).finally(lock.release);
        return stopped;
      },
    };
  } catch (error) {
    await Promise.all(spawned.map((postmaster) => postmaster.stop(DEFAULT_STOP_TIMEOUT_MS)));
    await lock.release();
    throw error;
  }
}

interface LockedStart {
  readonly options: EmbeddedPostgresOptions;
  readonly machine: HostMachine;
  readonly place: DataDirectoryPlace;
  readonly postgresPackage: PostgresPackage;
  readonly runtime: PostgresRuntime;
  readonly processes: ProcessTable;
  readonly lock: SupervisorLock;
  /** Gets every server process until the supervision has them. */
  readonly spawned: Postmaster[];
}

/** What happens under the lock of the data directory. */
async function startLocked({ options, machine, place, postgresPackage, runtime, processes, lock, spawned }: LockedStart) {
  const { log, disposable = false, random = Math.random, onWorking = () => {} } = options;
  const { identity, binDirectory } = runtime;
  const clusterDirectory = join(place.path, 'cluster');
  const spawning = { identity, machine, binDirectory, clusterDirectory, workingDirectory: place.path };
  const clearWay = () =>
    stopLeftoverServer({
      clusterDirectory,
      processes,
      platform: machine.platform,
      log,
      signal: (pid, name) => process.kill(pid, name),
      patienceMs: LEFTOVER_PATIENCE_MS,
    });

  await clearWay();
  if (machine.user) await ownDataDirectory(place.path, identity);
  // Files that root makes in the data directory of another belong to the other.
  const owner = machine.user?.uid === 0 ? identity : null;
  if (owner) await lock.giveTo(owner.uid, owner.gid);
  const kept = createKeptValues({ dataDirectory: place.path, owner });
  const password = await openCluster({
    ...spawning,
    dataDirectory: place.path,
    deathSignal: runtime.hasDeathSignal ? 'KILL' : null,
    userName: USER_NAME,
    durable: !disposable,
    onWorking,
    major: postgresPackage.major,
    kept,
    log,
  });
  const spawnOn = (wantedPort: number): Postmaster =>
    spawnPostmaster({
      ...spawning,
      // A fast shutdown, as stop() asks for.
      deathSignal: runtime.hasDeathSignal ? 'INT' : null,
      settings: { ...(disposable ? DISPOSABLE_SETTINGS : PRODUCT_SETTINGS), ...options.settings, ...supervisedSettings(wantedPort) },
      log,
      readyTimeoutMs: options.readyTimeoutMs ?? DEFAULT_READY_TIMEOUT_MS,
    });
  const keptPort = await kept.port();
  const { postmaster, port } = await launchServer({
    spawnOn,
    port: await choosePort({ host: HOST, preferred: keptPort, random }),
    anotherPort: () => choosePort({ host: HOST, preferred: null, random }),
    clusterDirectory,
    onSpawned: (server) => {
      spawned.push(server);
      onWorking();
    },
  });
  if (port !== keptPort) await kept.keepPort(port);
  log.info({ directory: place.path, port, version: runtime.version, runsAs: identity.kind, processId: postmaster.pid }, 'PostgreSQL runs');
  const supervision = superviseServer({
    first: postmaster,
    launch: async (onSpawned) => {
      await clearWay();
      return (await launchServer({ spawnOn, port, anotherPort: null, clusterDirectory, onSpawned })).postmaster;
    },
    log,
    now: options.now ?? (() => performance.now()),
    backoff: options.restartBackoff ?? DEFAULT_RESTART_BACKOFF,
  });
  return { port, password, supervision };
}
