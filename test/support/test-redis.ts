import { choosePort } from '../../src/db/embedded/choose-port.ts';
import { askService } from './services/ask-service.ts';
import { type RedisProcess, spawnRedis } from './services/spawn-redis.ts';
import { startTcpProxy } from './tcp-proxy.ts';

/** A Redis that a test can take away and give back. */
export interface TestRedis {
  /** Stays the same. */
  readonly url: string;
  /** Cuts all connections and refuses new ones; the data are lost, unless it is the one of TEST_REDIS_URL. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Connections stay open and nothing is answered. */
  pause(): void;
  resume(): void;
  /** When the test file is done with it. Idempotent. */
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

/** A Redis of its own for the test file that asks, or a way to the one of TEST_REDIS_URL, which all share: keys need a prefix of their own there. */
export async function startTestRedis(): Promise<TestRedis> {
  const external = process.env.TEST_REDIS_URL;
  return external ? await externalRedis(new URL(external)) : await ownRedis();
}

async function ownRedis(): Promise<TestRedis> {
  const { program } = await askService<{ program: string }>('redis');
  const { port, first } = await startSomewhere(program);
  let server: RedisProcess | null = first;
  const stop = async () => {
    await server?.stop();
    server = null;
  };
  return {
    url: `redis://${HOST}:${port}`,
    stop,
    start: async () => {
      server ??= await spawnRedis(program, port);
    },
    pause: () => server?.signal('SIGSTOP'),
    resume: () => server?.signal('SIGCONT'),
    close: stop,
  };
}

/** On a port nobody has: another may take the one that was free a moment ago. */
async function startSomewhere(program: string, attempts = 5): Promise<{ port: number; first: RedisProcess }> {
  const port = await choosePort({ host: HOST, preferred: null, random: Math.random });
  try {
    return { port, first: await spawnRedis(program, port) };
  } catch (error) {
    if (attempts <= 1) throw error;
    return startSomewhere(program, attempts - 1);
  }
}

async function externalRedis(target: URL): Promise<TestRedis> {
  const proxy = await startTcpProxy({ host: target.hostname, port: Number(target.port || 6_379) });
  const url = new URL(target);
  url.host = `${HOST}:${proxy.port}`;
  return {
    url: url.href,
    stop: async () => proxy.cut(),
    start: proxy.restore,
    pause: proxy.pause,
    resume: proxy.resume,
    close: async () => proxy.close(),
  };
}
