import { type ExecFileOptions, execFile } from 'node:child_process';
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

type Attempt = { readonly version: string } | { readonly failedAt: 'place' | 'binaries'; readonly reason: string };

/** What the shell of an attempt ends with when the folder of the data cannot be passed; 126 and 127 are the shell's own for programs. */
const PLACE_UNREACHABLE = 40;

/**
 * Finds a way to run PostgreSQL here, by trying: as whom, and from which folder. The installed binaries come first, then a copy of them for whoever can reach the
 * data, then somebody with the right to pass every directory. @throws PostgresNotRunnableError when there is none.
 */
export async function selectRuntime(deps: SelectRuntimeDeps): Promise<PostgresRuntime> {
  const { machine, postgresPackage } = deps;
  const hasDeathSignal = await supportsDeathSignal(machine);
  const failures: string[] = [];

  async function tryAll(identities: readonly PostgresIdentity[], nativeDirectory: string): Promise<PostgresRuntime | PostgresIdentity[]> {
    const binDirectory = join(nativeDirectory, 'bin');
    const withoutBinaries: PostgresIdentity[] = [];
    for (const identity of identities) {
      const attempt = await tryVersion(deps, identity, binDirectory, hasDeathSignal);
      if ('version' in attempt) return { identity, binDirectory, version: attempt.version, hasDeathSignal };
      if (attempt.failedAt === 'binaries') withoutBinaries.push(identity);
      failures.push(`${describe(identity)}, ${binDirectory}: ${attempt.reason}`);
    }
    return withoutBinaries;
  }

  const isComplete = await hydrateSymlinks(postgresPackage.nativeDirectory);
  const candidates = await findCandidates(deps);
  const isLastResort = ({ kind }: PostgresIdentity) => kind === 'capability';
  for (const identities of [candidates.filter((identity) => !isLastResort(identity)), candidates.filter(isLastResort)]) {
    const installed = isComplete ? await tryAll(identities, postgresPackage.nativeDirectory) : identities;
    if ('identity' in installed) return installed;
    if (installed.length === 0) continue;
    const copied = await tryAll(installed, await copyBinaries(postgresPackage, deps.binariesDirectory));
    if ('identity' in copied) return copied;
  }
  throw new PostgresNotRunnableError(
    `expected a user who can run PostgreSQL with data in ${deps.dataDirectory}, got none (it refuses to run as root; on Linux the binaries need glibc): ` +
      'start the server as an ordinary user, or keep its data and its installation where others may pass (chmod o+x on the folders above), or set DATABASE_URL. ' +
      `Tried:\n${failures.join('\n')}`,
  );
}

async function findCandidates({ machine, dataDirectory, parentDirectory }: SelectRuntimeDeps): Promise<readonly PostgresIdentity[]> {
  if (!machine.user) return [{ kind: 'self', uid: -1, gid: -1 }];
  return candidateIdentities({
    user: machine.user,
    dataOwner: await ownerOf(dataDirectory),
    parentOwner: (await ownerOf(parentDirectory)) ?? machine.user,
    hasName: machine.hasName,
  });
}

/** Passing the folder of the data and executing the binary are both needed, and both are tried as that user rather than concluded from modes. */
async function tryVersion(
  { machine, parentDirectory }: SelectRuntimeDeps,
  identity: PostgresIdentity,
  binDirectory: string,
  hasDeathSignal: boolean,
): Promise<Attempt> {
  const common = { identity, machine, deathSignal: hasDeathSignal ? 'KILL' : null } satisfies Partial<CommandRequest>;
  const script = `cd "$1" || exit ${PLACE_UNREACHABLE}; exec "$2" --version`;
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
          arguments: ['-c', script, 'sh', parentDirectory, join(binDirectory, 'postgres')],
          workingDirectory: '/',
        });
  const { uid, gid, cwd, env } = command.options;
  const options = { cwd, env, windowsHide: true, ...(uid === undefined ? {} : { uid, gid }) } as ExecFileOptions;
  try {
    const { stdout } = await run(command.file, [...command.arguments], options);
    const version = /\(PostgreSQL\) (\S+)/.exec(String(stdout))?.[1];
    return version ? { version } : { failedAt: 'binaries', reason: `printed ${String(stdout).trim()}` };
  } catch (error) {
    const { stderr, message, code } = error as Error & { stderr?: string; code?: unknown };
    // 126, 127 and a missing library come from the program; anything else from a wrapper that could not make the identity.
    const failedAt = code === 126 || code === 127 ? 'binaries' : 'place';
    return { failedAt, reason: (stderr || message).trim() };
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
