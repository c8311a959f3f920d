import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { copyBinaries } from './copy-binaries.ts';
import { PostgresNotRunnableError } from './embedded-postgres-errors.ts';
import type { HostMachine } from './host-machine.ts';
import { hydrateSymlinks } from './hydrate-symlinks.ts';
import { type CommandRequest, identityCommand } from './identity-command.ts';
import { ownerOf } from './owner-of.ts';
import { candidateIdentities, type PostgresIdentity } from './postgres-identity.ts';
import type { PostgresPackage } from './postgres-package.ts';

export interface PostgresRuntime {
  readonly identity: PostgresIdentity;
  readonly binDirectory: string;
  /** Of the server, e.g. `18.4`. */
  readonly version: string;
  /** Whether the kernel can be asked to end a program when this process dies. */
  readonly hasDeathSignal: boolean;
}

export interface SelectRuntimeDeps {
  readonly machine: HostMachine;
  readonly postgresPackage: PostgresPackage;
  /** Need not exist. */
  readonly dataDirectory: string;
  /** Folder above it, which exists. */
  readonly parentDirectory: string;
  /** Where the binaries are copied to when they cannot be used where they are. */
  readonly binariesDirectory: string;
}

const run = promisify(execFile);

/**
 * Finds a way to run PostgreSQL here, by trying: as whom, and from which folder. The installed binaries come first, a copy of them second.
 * @throws PostgresNotRunnableError when there is none.
 */
export async function selectRuntime(deps: SelectRuntimeDeps): Promise<PostgresRuntime> {
  const { machine, postgresPackage } = deps;
  const hasDeathSignal = await supportsDeathSignal(machine);
  const identities = machine.user
    ? candidateIdentities({
        user: machine.user,
        dataOwner: await ownerOf(deps.dataDirectory),
        parentOwner: (await ownerOf(deps.parentDirectory)) ?? machine.user,
        hasName: machine.hasName,
      })
    : [{ kind: 'self', uid: -1, gid: -1 } as const];
  const failures: string[] = [];

  async function tryAll(nativeDirectory: string): Promise<PostgresRuntime | null> {
    const binDirectory = join(nativeDirectory, 'bin');
    for (const identity of identities) {
      const attempt = await tryVersion(deps, identity, binDirectory, hasDeathSignal);
      if ('version' in attempt) return { identity, binDirectory, version: attempt.version, hasDeathSignal };
      failures.push(`${describe(identity)}, ${binDirectory}: ${attempt.failure}`);
    }
    return null;
  }

  const inPlace = (await hydrateSymlinks(postgresPackage.nativeDirectory)) ? await tryAll(postgresPackage.nativeDirectory) : null;
  const runtime = inPlace ?? (await tryAll(await copyBinaries(postgresPackage, deps.binariesDirectory)));
  if (runtime) return runtime;
  throw new PostgresNotRunnableError(
    `expected a user who can run PostgreSQL with data in ${deps.dataDirectory}, got none (it refuses to run as root; on Linux the binaries need glibc): ` +
      'start the server as an ordinary user, or keep its data and its installation where others may pass (chmod o+x on the folders above), or set DATABASE_URL. ' +
      `Tried:\n${failures.join('\n')}`,
  );
}

/** Passing the folder of the data and executing the binary are both needed, and both are tried as that user rather than concluded from modes. */
async function tryVersion(
  { machine, parentDirectory }: SelectRuntimeDeps,
  identity: PostgresIdentity,
  binDirectory: string,
  hasDeathSignal: boolean,
): Promise<{ version: string } | { failure: string }> {
  const common = { identity, machine, deathSignal: hasDeathSignal ? 'KILL' : null } satisfies Partial<CommandRequest>;
  const command =
    machine.platform === 'win32'
      ? identityCommand({
          ...common,
          file: join(binDirectory, 'postgres.exe'),
          arguments: ['--version'],
          workingDirectory: parentDirectory,
        })
      : identityCommand({
          ...common,
          file: '/bin/sh',
          arguments: ['-c', 'cd "$1" && exec "$2" --version', 'sh', parentDirectory, join(binDirectory, 'postgres')],
          workingDirectory: '/',
        });
  try {
    const { uid, gid, cwd, env } = command.options;
    const { stdout } = await run(command.file, [...command.arguments], {
      cwd,
      env,
      windowsHide: true,
      ...(uid === undefined ? {} : { uid, gid }),
    } as Parameters<typeof run>[2]);
    const version = /\(PostgreSQL\) (\S+)/.exec(String(stdout))?.[1];
    return version ? { version } : { failure: `printed ${String(stdout).trim()}` };
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    return { failure: (stderr || message).trim() };
  }
}

function describe({ kind, uid }: PostgresIdentity): string {
  if (kind === 'self') return 'this user';
  if (kind === 'namespace') return 'this user in a user namespace';
  return kind === 'user' ? `user ${uid}` : `user ${uid} with CAP_DAC_OVERRIDE`;
}

/** util-linux has the option, busybox has not. */
async function supportsDeathSignal({ platform, environment }: HostMachine): Promise<boolean> {
  if (platform !== 'linux') return false;
  try {
    await run('setpriv', ['--pdeathsig', 'KILL', '--', 'true'], { env: environment.PATH === undefined ? {} : { PATH: environment.PATH } });
    return true;
  } catch {
    return false;
  }
}
