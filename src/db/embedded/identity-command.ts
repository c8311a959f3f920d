import type { SpawnOptions } from 'node:child_process';
import type { HostMachine } from './host-machine.ts';
import { NOBODY, type PostgresIdentity } from './postgres-identity.ts';

export interface Command {
  readonly file: string;
  readonly arguments: readonly string[];
  readonly options: SpawnOptions;
}

export interface CommandRequest {
  readonly file: string;
  readonly arguments: readonly string[];
  readonly identity: PostgresIdentity;
  readonly machine: Pick<HostMachine, 'platform' | 'environment' | 'user'>;
  /** Sent to the program by the kernel when this process dies, however it dies; null where `setpriv` is missing. */
  readonly deathSignal: 'INT' | 'KILL' | null;
  /** Must be reachable for the identity: this process' own may not be. */
  readonly workingDirectory: string;
}

/** How to spawn a program as somebody. The child process' id is the program's: every wrapper replaces itself. */
export function identityCommand(request: CommandRequest): Command {
  const { identity, deathSignal } = request;
  let command = [request.file, ...request.arguments];
  // Last in the chain, because changing the user clears the death signal.
  const dying = deathSignal ? ['--pdeathsig', deathSignal] : [];
  if (identity.kind === 'capability') {
    const user = ['--reuid', String(identity.uid), '--regid', String(identity.gid), '--clear-groups'];
    // Without the secure bit access(2), with which initdb looks for the other programs, would ignore the capability.
    const right = ['--securebits', '+no_setuid_fixup', '--inh-caps', '+dac_override', '--ambient-caps', '+dac_override'];
    command = ['setpriv', ...user, ...right, ...dying, '--', ...command];
  } else if (deathSignal) {
    command = ['setpriv', ...dying, '--', ...command];
  }
  if (identity.kind === 'namespace') command = ['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, '--', ...command];
  return {
    file: command[0]!,
    arguments: command.slice(1),
    options: {
      cwd: request.workingDirectory,
      env: postgresEnvironment(request.machine),
      windowsHide: true,
      ...(identity.kind === 'user' ? { uid: identity.uid, gid: identity.gid } : {}),
    },
  };
}

/** Nothing of ours (addresses, passwords, PG* variables) is passed on; the language of messages is fixed, because we read them. */
function postgresEnvironment({ platform, environment: ours }: CommandRequest['machine']): NodeJS.ProcessEnv {
  const needed = platform === 'win32' ? ['PATH', 'SystemRoot', 'SystemDrive', 'TEMP', 'TMP', 'USERNAME', 'USERPROFILE'] : ['PATH'];
  const environment: NodeJS.ProcessEnv = { LC_ALL: 'C', TZ: 'UTC' };
  for (const name of needed) if (ours[name] !== undefined) environment[name] = ours[name];
  return environment;
}
