import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { programInPath } from '../program-in-path.ts';

const run = promisify(execFile);

export interface FindRedisServerDeps {
  readonly environment: NodeJS.ProcessEnv;
  readonly log: (line: string) => void;
}

const WHAT_TO_DO = 'install redis-server or valkey-server, or set TEST_REDIS_URL to an empty Redis';

/** The program to start a Redis with. Root on Debian or Ubuntu gets it installed. @throws saying what to install. */
export async function findRedisServer({ environment, log }: FindRedisServerDeps): Promise<string> {
  const found = await installedServer();
  if (found) return found;
  const mayInstall = process.getuid?.() === 0 && (await programInPath('apt-get')) !== null;
  if (!mayInstall) throw new Error(`expected redis-server or valkey-server in PATH, got neither: ${WHAT_TO_DO}`);
  log('tests need a Redis and there is none: installing redis-server with apt-get');
  try {
    await install(environment);
  } catch (cause) {
    throw new Error(`expected apt-get to install redis-server, got ${(cause as Error).message}: ${WHAT_TO_DO}`, { cause });
  }
  const installed = await installedServer();
  if (!installed) throw new Error(`expected redis-server in PATH after its installation, got none: ${WHAT_TO_DO}`);
  return installed;
}

async function installedServer(): Promise<string | null> {
  return (await programInPath('redis-server')) ?? (await programInPath('valkey-server'));
}

async function install(environment: NodeJS.ProcessEnv): Promise<void> {
  // Run level 1: the package is not to start a server of its own.
  const env = { ...environment, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  // Another apt-get may hold the lock for a while.
  const options = ['-o', 'DPkg::Lock::Timeout=120', '-o', 'Acquire::Retries=3'];
  const packageArguments = [...options, 'install', '-y', '--no-install-recommends', 'redis-server'];
  try {
    await run('apt-get', packageArguments, { env });
  } catch {
    // The package lists of a fresh container are empty.
    await run('apt-get', [...options, 'update'], { env });
    await run('apt-get', packageArguments, { env });
  }
}
