import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataDirectoryInUseError } from '../../../../src/db/embedded/embedded-postgres-errors.ts';
import { stopLeftoverServer } from '../../../../src/db/embedded/stop-leftover-server.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../../../support/temporary-directory.ts';

let folder: TemporaryDirectory;
let cluster: string;

beforeEach(async () => {
  folder = await temporaryDirectory('leftover');
  cluster = join(folder.path, 'cluster');
  await mkdir(cluster);
  await writeFile(join(cluster, 'postmaster.pid'), '77\n');
});
afterEach(() => folder.remove());

type State = 'serving' | 'ending' | 'ended';

/** A server of ours with process id 77, whose state is asked for again and again. */
async function stopServer({ state, onSignal = () => {} }: { state: () => State; onSignal?: (name: string) => void }): Promise<void> {
  await stopLeftoverServer({
    clusterDirectory: cluster,
    platform: 'linux',
    log: pino({ level: 'silent' }),
    patienceMs: { fast: 50, immediate: 50, kill: 1_000 },
    signal: (pid, name) => onSignal(`${pid} ${name}`),
    processes: {
      commandLine: async () =>
        state() === 'serving' ? ['/usr/bin/postgres', '-D', cluster, '-c', 'cluster_name=strikewire'].join('\n') : null,
      startMark: async () => (state() === 'ended' ? null : 'monday'),
      workingDirectory: async () => null,
    },
  });
}

describe('a server that lost its supervisor', () => {
  it.each([
    ['SIGINT', ['77 SIGINT']],
    ['SIGQUIT', ['77 SIGINT', '77 SIGQUIT']],
    ['SIGKILL', ['77 SIGINT', '77 SIGQUIT', '77 SIGKILL']],
  ])('is asked more and more firmly until %s ends it', async (last, expected) => {
    const signals: string[] = [];
    let state: State = 'serving';
    const onSignal = (signal: string) => {
      signals.push(signal);
      if (signal.endsWith(last)) state = 'ended';
    };
    await stopServer({ state: () => state, onSignal });
    expect(signals).toEqual(expected);
    expect(await readdir(cluster)).toEqual([]);
  });

  it('is waited for while it ends by itself, for it has its port to the last', async () => {
    const states: State[] = ['ending', 'ending', 'ending', 'ending', 'ending'];
    const signals: string[] = [];
    await stopServer({ state: () => states.shift() ?? 'ended', onSignal: (signal) => signals.push(signal) });
    expect(states).toEqual([]);
    expect(signals).toEqual([]);
    expect(await readdir(cluster)).toEqual([]);
  });

  it('keeps its pid file when nothing ends it', async () => {
    await expect(stopServer({ state: () => 'serving' })).rejects.toThrow(DataDirectoryInUseError);
    expect(await readdir(cluster)).toEqual(['postmaster.pid']);
  });
});
