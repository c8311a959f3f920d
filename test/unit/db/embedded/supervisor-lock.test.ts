import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataDirectoryInUseError } from '../../../../src/db/embedded/embedded-postgres-errors.ts';
import { acquireSupervisorLock } from '../../../../src/db/embedded/supervisor-lock.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../../../support/temporary-directory.ts';

let folder: TemporaryDirectory;
/** Living processes and when they were started. */
let living: Map<number, string>;

beforeEach(async () => {
  folder = await temporaryDirectory('lock');
  living = new Map([
    [10, 'monday'],
    [20, 'tuesday'],
  ]);
});
afterEach(() => folder.remove());

const acquire = (processId: number) =>
  acquireSupervisorLock({ dataDirectory: folder.path, processId, processes: { startMark: async (pid) => living.get(pid) ?? null } });

describe('the lock of a data directory', () => {
  it('is refused while its holder lives, also to the holder itself', async () => {
    await acquire(10);
    await expect(acquire(20)).rejects.toThrow('in use by process 10');
    await expect(acquire(10)).rejects.toThrow(DataDirectoryInUseError);
  });

  it('is free again when it was released', async () => {
    const lock = await acquire(10);
    await lock.release();
    await expect(acquire(20)).resolves.toBeDefined();
  });

  it('is taken over from a process that is gone', async () => {
    await acquire(10);
    living.delete(10);
    await acquire(20);
    expect(await readFile(join(folder.path, 'supervisor.lock'), 'utf8')).toContain('"pid":20');
  });

  it('is taken over when its process id was given to another process', async () => {
    await acquire(10);
    living.set(10, 'wednesday');
    await expect(acquire(20)).resolves.toBeDefined();
  });

  it('is taken over when its file is broken', async () => {
    await writeFile(join(folder.path, 'supervisor.lock'), '');
    await expect(acquire(20)).resolves.toBeDefined();
  });

  it('is not released by one that lost it', async () => {
    const first = await acquire(10);
    living.delete(10);
    await acquire(20);
    await first.release();
    await expect(acquire(20)).rejects.toThrow('in use by process 20');
  });

  it('clears away what starters left that died while they took it over', async () => {
    const dead = (pid: number, token: string) => JSON.stringify({ pid, startMark: 'sunday', token });
    await writeFile(join(folder.path, 'supervisor.lock'), dead(98, 'first'));
    await writeFile(join(folder.path, 'supervisor.lock.after-first'), dead(99, 'second'));
    await writeFile(join(folder.path, 'supervisor.lock.draft-third'), dead(97, 'third'));
    await acquire(10);
    expect(await readdir(folder.path)).toEqual(['supervisor.lock']);
    await expect(acquire(20)).rejects.toThrow('in use by process 10');
  });

  it('is refused while the successor of a dead holder has not moved in yet', async () => {
    await writeFile(join(folder.path, 'supervisor.lock'), JSON.stringify({ pid: 98, startMark: 'sunday', token: 'first' }));
    await writeFile(join(folder.path, 'supervisor.lock.after-first'), JSON.stringify({ pid: 10, startMark: 'monday', token: 'second' }));
    await expect(acquire(20)).rejects.toThrow('in use by process 10');
  });

  it('goes to one of many who come at once, also over the lock of a dead process', async () => {
    for (let round = 0; round < 200; round++) {
      await writeFile(join(folder.path, 'supervisor.lock'), JSON.stringify({ pid: 99, startMark: 'sunday', token: String(round) }));
      const outcomes = await Promise.allSettled(Array.from({ length: 8 }, (_, index) => acquire(index % 2 === 0 ? 10 : 20)));
      const winners = outcomes.filter((outcome) => outcome.status === 'fulfilled');
      expect(winners).toHaveLength(1);
      expect(await readdir(folder.path)).toEqual(['supervisor.lock']);
      await winners[0]!.value.release();
    }
  });
});
