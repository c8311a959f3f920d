import { access, constants, realpath } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { DataDirectoryNotOursError } from './embedded-postgres-errors.ts';
import type { HostMachine } from './host-machine.ts';
import { ownerOf } from './owner-of.ts';

export interface DataDirectoryPlace {
  /** Absolute, without symbolic links as far as it exists. */
  readonly path: string;
  /** The nearest folder above it that exists. */
  readonly parent: string;
}

/**
 * Where the data directory is or will be. @throws DataDirectoryNotOursError when this user can neither use nor make it. Root may take any.
 */
export async function locateDataDirectory(given: string, { user }: Pick<HostMachine, 'user'>): Promise<DataDirectoryPlace> {
  const wanted = resolve(given);
  try {
    const existing = await nearestDirectory(wanted);
    const parent = await realpath(existing);
    const path = join(parent, relative(existing, wanted));
    const owner = await ownerOf(path);
    if (!owner) await access(parent, constants.W_OK | constants.X_OK);
    if (user && user.uid !== 0 && owner && owner.uid !== user.uid) {
      throw new DataDirectoryNotOursError(
        `expected the data directory ${path} to belong to user ${user.uid}, got one of user ${owner.uid} (was the server started as root before?): ` +
          `give it back with "chown -R ${user.uid}:${user.gid} ${path}" as root, or use another data directory`,
      );
    }
    return { path, parent };
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'EACCES' && code !== 'EPERM' && code !== 'EROFS' && code !== 'ENOTDIR') throw cause;
    throw new DataDirectoryNotOursError(
      `expected a data directory this user can make and use at ${wanted}, got ${(cause as Error).message}: use another one, or set DATABASE_URL`,
      { cause },
    );
  }
}

async function nearestDirectory(path: string): Promise<string> {
  const parent = dirname(path);
  return parent === path || (await ownerOf(parent)) ? parent : nearestDirectory(parent);
}
