import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

const PACKAGES = ['postgresql-17', 'postgresql-17-timescaledb'];
const SUITE = 'trixie';

/** What is missing to bring up a TimescaleDB of our own, in words; null: nothing. */
export function whatIsMissing(): string | null {
  if (process.platform !== 'linux' || !existsSync('/etc/debian_version'))
    return 'Debian, whose packages have the Apache 2 edition of TimescaleDB';
  if (process.getuid?.() !== 0) return 'root, for a folder with another release of Debian in it';
  return null;
}

/** Where the folder with Debian's PostgreSQL and TimescaleDB (Apache 2 edition, 450 MB) is kept between runs: outside of the repository. */
function keptFolder(): string {
  return process.env.TIMESCALE_ROOT ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'strikewire', `timescale-${SUITE}`);
}

/** Makes the folder if it is not there, which takes half a minute and the packages of Debian. @throws with what could not be fetched */
export function rootFolder(): string {
  const folder = keptFolder();
  if (existsSync(folder)) return folder;
  if (spawnSync('mmdebstrap', ['--version']).status !== 0) {
    console.log('installing mmdebstrap');
    if (spawnSync('apt-get', INSTALL, { stdio: 'ignore' }).status !== 0) {
      run('apt-get', ['update', '-qq']);
      run('apt-get', INSTALL);
    }
  }
  console.log(`fetching ${PACKAGES.join(' and ')} of Debian ${SUITE} into ${folder}`);
  mkdirSync(dirname(folder), { recursive: true });
  // Under its name only when it is whole.
  const unfinished = `${folder}.${process.pid}`;
  try {
    run('mmdebstrap', ['--quiet', '--variant=apt', `--include=${PACKAGES.join(',')}`, SUITE, unfinished]);
    renameSync(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return folder;
}

const INSTALL = ['install', '-y', '-qq', '--no-install-recommends', 'mmdebstrap'];

function run(program: string, parameters: readonly string[]): void {
  const { status, error } = spawnSync(program, parameters, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw new Error(`${program} ${parameters[0]} failed${error ? `: ${error.message}` : ` with ${status}`}`);
}
