import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chown, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataDirectoryUnusableError, PostgresInitialisationError } from './embedded-postgres-errors.ts';
import { type CommandRequest, identityCommand } from './identity-command.ts';

export interface InitialiseClusterDeps extends Pick<CommandRequest, 'identity' | 'machine' | 'deathSignal' | 'workingDirectory'> {
  readonly binDirectory: string;
  readonly dataDirectory: string;
  readonly clusterDirectory: string;
  readonly userName: string;
  readonly password: string;
  /** False for data that may be lost. */
  readonly durable: boolean;
  /** Called when initdb has begun. */
  readonly onWorking: () => void;
}

const UNFINISHED = 'cluster.unfinished-';

/**
 * Makes a data directory with one superuser who needs the password. It is made aside and gets its name when it is complete: what an interrupted run left is
 * removed by the next. @throws PostgresInitialisationError with what initdb printed, DataDirectoryUnusableError.
 */
export async function initialiseCluster(deps: InitialiseClusterDeps): Promise<void> {
  const { dataDirectory, clusterDirectory, identity, machine } = deps;
  for (const name of await readdir(dataDirectory)) {
    if (name.startsWith(UNFINISHED)) await rm(join(dataDirectory, name), { recursive: true, force: true, maxRetries: 3 });
  }
  const unfinished = join(dataDirectory, `${UNFINISHED}${randomUUID()}`);
  const passwordFile = `${unfinished}.password`;
  try {
    await writeFile(passwordFile, `${deps.password}\n`, { mode: 0o600 });
    if (machine.user) await chown(passwordFile, identity.uid, identity.gid);
    await runInitdb(deps, unfinished, passwordFile);
    await nameCluster(unfinished, clusterDirectory);
    if (deps.durable) await flushDirectory(dataDirectory, machine.platform);
  } finally {
    await rm(passwordFile, { force: true });
    await rm(unfinished, { recursive: true, force: true });
  }
}

async function nameCluster(unfinished: string, clusterDirectory: string): Promise<void> {
  try {
    await rename(unfinished, clusterDirectory);
  } catch (cause) {
    throw new DataDirectoryUnusableError(
      `expected nothing at ${clusterDirectory}, got something that is no PostgreSQL data: move it away`,
      { cause },
    );
  }
}

function runInitdb(deps: InitialiseClusterDeps, directory: string, passwordFile: string): Promise<void> {
  const command = identityCommand({
    ...deps,
    file: join(deps.binDirectory, deps.machine.platform === 'win32' ? 'initdb.exe' : 'initdb'),
    arguments: [
      `--pgdata=${directory}`,
      `--username=${deps.userName}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // PostgreSQL's own collation: sorts alike on every machine, and an update of the C library cannot break an index.
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
      '--no-instructions',
      ...(deps.durable ? [] : ['--no-sync']),
    ],
  });
  return new Promise((resolve, reject) => {
    const child = spawn(command.file, command.arguments, { ...command.options, stdio: ['ignore', 'pipe', 'pipe'] });
    deps.onWorking();
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        printed = (printed + text).slice(-2_000);
      });
    }
    child.once('error', (cause) => reject(new PostgresInitialisationError(`expected initdb to run, got: ${cause.message}`, { cause })));
    child.once('close', (exitCode, signal) => {
      if (exitCode === 0) resolve();
      else reject(new PostgresInitialisationError(`expected initdb to end with 0, got ${exitCode ?? signal}:\n${printed.trim()}`));
    });
  });
}

/** Makes the new name survive a power loss. */
async function flushDirectory(directory: string, platform: NodeJS.Platform): Promise<void> {
  // Windows cannot open a directory.
  if (platform === 'win32') return;
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
