import { readFileSync } from 'node:fs';
import type { Owner } from './postgres-identity.ts';

/** What the supervisor needs to know of the machine and of its own process. */
export interface HostMachine {
  readonly platform: NodeJS.Platform;
  readonly architecture: string;
  readonly processId: number;
  /** Effective user; null on Windows. */
  readonly user: Owner | null;
  readonly environment: NodeJS.ProcessEnv;
  /** Whether the user database has a name for this user. */
  readonly hasName: (uid: number) => boolean;
}

export function currentMachine(): HostMachine {
  return {
    platform: process.platform,
    architecture: process.arch,
    processId: process.pid,
    user: process.geteuid && process.getegid ? { uid: process.geteuid(), gid: process.getegid() } : null,
    environment: process.env,
    hasName: (uid) => process.platform !== 'linux' || passwd().some((line) => line.split(':')[2] === String(uid)),
  };
}

/** Users of a directory service are not in the file; for those the supervisor takes the way of a nameless user, which works as well. */
function passwd(): readonly string[] {
  try {
    return readFileSync('/etc/passwd', 'utf8').split('\n');
  } catch {
    return [];
  }
}
