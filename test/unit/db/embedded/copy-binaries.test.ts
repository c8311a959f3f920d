import { chmod, mkdir, readdir, readFile, readlink, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copyBinaries } from '../../../../src/db/embedded/copy-binaries.ts';
import { hydrateSymlinks } from '../../../../src/db/embedded/hydrate-symlinks.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../../../support/temporary-directory.ts';

let folder: TemporaryDirectory;
let native: string;
let cache: string;

beforeEach(async () => {
  folder = await temporaryDirectory('binaries');
  native = join(folder.path, 'package', 'native');
  cache = join(folder.path, 'cache');
  await mkdir(join(native, 'bin'), { recursive: true });
  await mkdir(join(native, 'lib'), { mode: 0o700 });
  await writeFile(join(native, 'bin', 'postgres'), 'program', { mode: 0o700 });
  await writeFile(join(native, 'lib', 'libpq.so.5.18'), 'library', { mode: 0o600 });
  const links = ['native/lib/libpq.so', 'native/lib/libpq.so.5'].map((target) => ({ source: 'native/lib/libpq.so.5.18', target }));
  await writeFile(join(native, 'pg-symlinks.json'), JSON.stringify(links));
});
afterEach(() => folder.remove());

const copy = () => copyBinaries({ packageVersion: '18.4.0', major: '18', nativeDirectory: native }, cache);

describe('links between libraries', () => {
  it('are made once, beside their files', async () => {
    await symlink('libpq.so.5.18', join(native, 'lib', 'libpq.so'));
    expect(await hydrateSymlinks(native)).toBe(true);
    expect(await hydrateSymlinks(native)).toBe(true);
    expect(await readlink(join(native, 'lib', 'libpq.so.5'))).toBe('libpq.so.5.18');
    expect(await readFile(join(native, 'lib', 'libpq.so.5'), 'utf8')).toBe('library');
  });

  it('are not needed where the package lists none', async () => {
    await mkdir(join(folder.path, 'other', 'native'), { recursive: true });
    expect(await hydrateSymlinks(join(folder.path, 'other', 'native'))).toBe(true);
  });
});

describe('a copy of the binaries', () => {
  it('has the links and can be used by everybody, whatever the modes of the installed files', async () => {
    const copied = await copy();
    expect(copied).toBe(join(cache, '18.4.0', 'native'));
    expect(await readFile(join(copied, 'lib', 'libpq.so.5'), 'utf8')).toBe('library');
    const modes = await Promise.all(
      ['', 'lib', 'bin/postgres', 'lib/libpq.so.5.18'].map(async (name) => (await stat(join(copied, name))).mode & 0o777),
    );
    expect(modes).toEqual([0o755, 0o755, 0o755, 0o644]);
  });

  it('is made once', async () => {
    const copied = await copy();
    await writeFile(join(copied, 'mark'), '');
    await copy();
    expect(await readdir(copied)).toContain('mark');
  });

  it('is complete when several make it at once', async () => {
    const copied = await Promise.all([copy(), copy(), copy()]);
    expect(new Set(copied).size).toBe(1);
    expect(await readdir(cache)).toEqual(['18.4.0']);
  });

  it('is not taken from a run that was cut off, whose remains are removed', async () => {
    const remains = join(cache, '18.4.0.unfinished-1');
    await mkdir(join(remains, 'native', 'bin'), { recursive: true });
    await chmod(remains, 0o755);
    await utimes(remains, 0, 0);
    expect(await readdir(join(await copy(), 'lib'))).toContain('libpq.so.5');
    expect(await readdir(cache)).toEqual(['18.4.0']);
  });
});
