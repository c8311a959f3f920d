import { randomUUID } from 'node:crypto';
import { chmod, cp, lchown, lstat, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hydrateSymlinks } from './hydrate-symlinks.ts';
import { makeFolders } from './make-folders.ts';
import type { Owner } from './postgres-identity.ts';
import type { PostgresPackage } from './postgres-package.ts';

const UNFINISHED = '.unfinished-';
/** Nobody copies for this long: what is older was left by a process that died. */
const ABANDONED_MS = 3_600_000;

/**
 * Copies the binaries (60 MB) to `cacheDirectory`/VERSION, readable by everybody, once per version. For an installed package that the user
 * PostgreSQL runs as cannot reach, or whose links cannot be made in place.
 */
export async function copyBinaries({ packageVersion, nativeDirectory }: PostgresPackage, cacheDirectory: string): Promise<string> {
  const version = join(cacheDirectory, packageVersion);
  const copied = join(version, 'native');
  if (await isDirectory(copied)) return copied;
  const owner = await makeFolders(cacheDirectory);
  await removeAbandoned(cacheDirectory);
  // A copy cut off half-way must never be taken for a whole one: it gets its name when it is complete.
  const unfinished = `${version}${UNFINISHED}${randomUUID()}`;
  await cp(nativeDirectory, join(unfinished, 'native'), { recursive: true, verbatimSymlinks: true });
  await hydrateSymlinks(join(unfinished, 'native'));
  await openToAll(unfinished, owner);
  try {
    await rename(unfinished, version);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    if (!(await isDirectory(copied))) throw error;
  }
  return copied;
}

async function removeAbandoned(cacheDirectory: string): Promise<void> {
  for (const name of await readdir(cacheDirectory)) {
    const path = join(cacheDirectory, name);
    if (!name.includes(UNFINISHED)) continue;
    // One that is gone has been finished meanwhile.
    const madeMs = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => null,
    );
    if (madeMs !== null && madeMs < Date.now() - ABANDONED_MS) await rm(path, { recursive: true, force: true });
  }
}

/** Files of a package installed under a strict umask can be read by their owner alone. What root copies belongs to the owner of the folder. */
async function openToAll(directory: string, owner: Owner): Promise<void> {
  const isRoots = (await lstat(directory)).uid === 0 && owner.uid !== 0;
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) await openToAll(path, owner);
    else if (isRoots) await lchown(path, owner.uid, owner.gid);
    if (entry.isFile()) await chmod(path, ((await stat(path)).mode & 0o100) === 0 ? 0o644 : 0o755);
  }
  if (isRoots) await lchown(directory, owner.uid, owner.gid);
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
