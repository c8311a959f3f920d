import { describe, expect, it } from 'vitest';
import { DataDirectoryInUseError, PostgresStartError } from '../../../../src/db/embedded/embedded-postgres-errors.ts';
import { launchServer } from '../../../../src/db/embedded/launch-server.ts';
import { aPostmaster } from '../../../support/embedded/a-postmaster.ts';

const TAKEN = '[7] LOG:  could not bind IPv4 address "127.0.0.1": Address already in use';
const MEMORY = '[7] FATAL:  pre-existing shared memory block (key 1, ID 2) is still in use';

/** Starts on servers that end with these lines, one after the other, and then on one that runs. */
function launch(endings: string[], { mayMove = true } = {}) {
  const ports: number[] = [];
  const launched = launchServer({
    spawnOn: (port) => {
      ports.push(port);
      const ending = endings.shift();
      return ending === undefined ? aPostmaster() : aPostmaster({ endsWith: ending });
    },
    port: 1,
    anotherPort: mayMove ? async () => ports.length + 1 : null,
    clusterDirectory: '/data/cluster',
    onSpawned: () => {},
  });
  return { launched, ports };
}

describe('starting the server', () => {
  it('tries another port when one was taken between the choice and the start', async () => {
    const { launched, ports } = launch([TAKEN, TAKEN]);
    expect((await launched).port).toBe(3);
    expect(ports).toEqual([1, 2, 3]);
  });

  it('gives up when every port is taken, and at once when it must be that one', async () => {
    await expect(launch(Array<string>(9).fill(TAKEN)).launched).rejects.toThrow(PostgresStartError);
    const fixed = launch([TAKEN], { mayMove: false });
    await expect(fixed.launched).rejects.toThrow('Address already in use');
    expect(fixed.ports).toEqual([1]);
  });

  it('waits for processes of a killed server to end', async () => {
    const { launched, ports } = launch([MEMORY, MEMORY]);
    expect((await launched).port).toBe(1);
    expect(ports).toEqual([1, 1, 1]);
  });

  it('says that another server has the data', async () => {
    const { launched } = launch(['[7] FATAL:  lock file "postmaster.pid" already exists']);
    await expect(launched).rejects.toThrow(DataDirectoryInUseError);
  });

  it('shows the last lines of a server that ends', async () => {
    await expect(launch(['[7] FATAL:  could not open directory "base"']).launched).rejects.toThrow(
      'expected PostgreSQL to accept connections on port 1, got exit 1; its last lines:\n[7] FATAL:  could not open directory "base"',
    );
  });
});
