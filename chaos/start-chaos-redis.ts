import { choosePort } from '../src/db/embedded/choose-port.ts';
import { findRedisServer } from '../test/support/services/find-redis-server.ts';
import { type RedisProcess, spawnRedis } from '../test/support/services/spawn-redis.ts';
import type { ChaosRedis } from './chaos-environment.ts';

/** A Redis of its own; installed where that is possible and there is none. @throws saying what to install otherwise */
export async function startChaosRedis(): Promise<ChaosRedis & { close(): Promise<void> }> {
  const program = await findRedisServer({ environment: process.env, log: console.log });
  const port = await choosePort({ host: '127.0.0.1', preferred: null, random: Math.random });
  let server: RedisProcess | null = await spawnRedis(program, port);
  const stop = async () => {
    await server?.stop();
    server = null;
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    stop,
    async start() {
      server ??= await spawnRedis(program, port);
    },
    pause: () => server?.signal('SIGSTOP'),
    resume: () => server?.signal('SIGCONT'),
    close: stop,
  };
}
