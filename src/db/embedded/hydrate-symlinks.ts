import { lstat, readFile, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

interface Link {
  /** File inside the package, e.g. `native/lib/libpq.so.5.18`. */
  readonly source: string;
  /** Name of the link, e.g. `native/lib/libpq.so.5`. */
  readonly target: string;
}

/**
 * Makes the links between the libraries, which an npm package cannot carry and which its install script would make if npm ran it.
 * False when some are missing and this user may not write there.
 */
export async function hydrateSymlinks(nativeDirectory: string): Promise<boolean> {
  let complete = true;
  for (const { source, target } of await readLinks(nativeDirectory)) {
    const link = join(dirname(nativeDirectory), target);
    if (await exists(link)) continue;
    try {
      // All links are between files of one folder.
      await symlink(basename(source), link);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Another process may have made it meanwhile.
      if (code !== 'EEXIST') complete = false;
    }
  }
  return complete;
}

async function readLinks(nativeDirectory: string): Promise<readonly Link[]> {
  try {
    return JSON.parse(await readFile(join(nativeDirectory, 'pg-symlinks.json'), 'utf8')) as Link[];
  } catch (error) {
    // The Windows package has no links and no list.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch {
    return false;
  }
}
