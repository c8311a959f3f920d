import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryDirectory } from './temporary-directory.ts';

const FILES = {
  'results.test.js': `
    it('passes', () => {});
    describe('in a suite', () => { it('passes', () => {}); it('fails', () => { throw new Error('on purpose') }) });
    it.skip('is skipped', () => {});
    it.todo('is to be written');`,
  'hook.test.js': `
    describe('with a hook that fails', () => { afterAll(() => { throw new Error('on purpose') }); it('passes', () => {}) });`,
  'broken.test.js': `import './no-such-file.js';`,
};

it('counts every test, and as failures what failed outside of a test', async () => {
  const folder = await temporaryDirectory('counts');
  const countsFile = join(folder.path, 'counts.json');
  await writeFile(countsFile, 'of an earlier run');
  for (const [name, text] of Object.entries(FILES)) await writeFile(join(folder.path, name), text);
  const fileOf = (path: string) => fileURLToPath(new URL(path, import.meta.url));
  const vitest = [fileOf('../../node_modules/vitest/vitest.mjs'), 'run', '--globals', '--root', folder.path];
  const reporter = `--reporter=${fileOf('count-reporter.ts')}`;
  await new Promise<void>((resolve) => {
    execFile(process.execPath, [...vitest, reporter], { env: { PATH: process.env.PATH, TEST_COUNTS_FILE: countsFile } }, () => resolve());
  });
  const counts = JSON.parse(await readFile(countsFile, 'utf8')) as unknown;
  await folder.remove();
  expect(counts).toEqual({ passed: 3, failed: 3, skipped: 2 });
});
