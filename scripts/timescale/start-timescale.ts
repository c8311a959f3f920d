import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

export interface Timescale {
  /** Of a superuser. */
  readonly url: string;
  /** Stops it and undoes the mounts. Idempotent. */
  stop(): void;
}

type Command = readonly [program: string, ...parameters: string[]];

const PROGRAMS = '/usr/lib/postgresql/17/bin';

/** Starts PostgreSQL with TimescaleDB in a folder with a Debian in it, on a loopback port, with an empty data directory that goes again. */
export async function startTimescale(root: string): Promise<Timescale> {
  const undo: (() => void)[] = [];
  const stop = () => {
    for (const step of undo.splice(0).toReversed()) step();
  };
  try {
    // With the process in its name: several runs share the folder.
    const inside = `/tmp/strikewire-${process.pid}`;
    const directory = join(root, inside);
    const { uid, gid } = postgresUser(root);
    mkdirSync(directory);
    undo.push(() => rmSync(directory, { recursive: true, force: true }));
    chownSync(directory, uid, gid);
    const password = randomBytes(16).toString('hex');
    writeFileSync(join(directory, 'password'), password);
    chownSync(join(directory, 'password'), uid, gid);
    for (const [type, place] of MOUNTS) {
      const target = join(root, place);
      mkdirSync(target, { recursive: true });
      run(['mount', '-t', type, type, target]);
      undo.push(() => void spawnSync('umount', [target]));
    }
    const command = (program: string, ...parameters: string[]): Command => [
      'chroot',
      root,
      'setpriv',
      `--reuid=${uid}`,
      `--regid=${gid}`,
      '--clear-groups',
      `${PROGRAMS}/${program}`,
      ...parameters,
    ];
    const data = `${inside}/data`;
    const access = ['-U', 'postgres', '--auth=scram-sha-256', `--pwfile=${inside}/password`];
    run(command('initdb', '-D', data, ...access, '--locale=C.UTF-8', '--no-sync'));
    const port = await freePort();
    const settings = {
      listen_addresses: '127.0.0.1',
      port,
      unix_socket_directories: '',
      shared_preload_libraries: 'timescaledb',
      'timescaledb.telemetry_level': 'off',
      max_connections: 200,
      fsync: 'off',
    };
    const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
    const [program, ...parameters] = command('pg_ctl', '-D', data, '-m', 'immediate', '-w', 'stop');
    undo.push(() => void spawnSync(program, parameters));
    run(command('pg_ctl', '-D', data, '-l', `${inside}/log`, '-w', '-o', options.join(' '), 'start'));
    return { url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`, stop };
  } catch (error) {
    stop();
    throw error;
  }
}

/** What PostgreSQL needs to be there. */
const MOUNTS = [
  ['proc', 'proc'],
  ['tmpfs', 'dev/shm'],
] as const;

/** The user that the package has made in the folder: it need not exist outside of it. */
function postgresUser(root: string): { uid: number; gid: number } {
  const line = readFileSync(join(root, 'etc/passwd'), 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith('postgres:'));
  const [, , uid, gid] = line?.split(':') ?? [];
  if (uid === undefined || gid === undefined)
    throw new Error(`expected a user postgres in ${root}, got none: remove the folder to fetch it anew`);
  return { uid: Number(uid), gid: Number(gid) };
}

function run([program, ...parameters]: Command): void {
  const { status, stdout, stderr, error } = spawnSync(program, parameters, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  if (status !== 0) throw new Error(`${program} ${parameters.join(' ')} failed: ${error?.message ?? ''}${stdout ?? ''}${stderr ?? ''}`);
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
