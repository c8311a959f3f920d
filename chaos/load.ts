import { randomUUID } from 'node:crypto';
import type { ChaosEnvironment } from './chaos-environment.ts';
import { checkFollowers, type FollowerCheck } from './check-followers.ts';
import { FOLLOWED_FILTERS } from './followed-filter.ts';
import { type Follower, startFollower } from './follower.ts';
import { type ServerProcess, startServerProcess } from './server-process.ts';
import { until } from './until.ts';

/** Two servers that scan and store, and clients that follow, connected to one of them or the other. */
export interface Load {
  /** Those that run. */
  readonly servers: ServerProcess[];
  readonly followers: readonly Follower[];
  /** Starts a further server, which scans. */
  addServer(): Promise<ServerProcess>;
  /** Kills it; clients do not try it any more. */
  killServer(server: ServerProcess): Promise<void>;
  /** Resolves when each follower of everything has received this many further results. */
  progress(results: number): Promise<void>;
  /** Ends the writing and compares what everybody received with what was stored. */
  finish(): Promise<FollowerCheck>;
  close(): Promise<void>;
}

export interface LoadOptions {
  readonly environment: ChaosEnvironment;
  readonly servers: number;
  readonly followers: number;
  readonly withRedis: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** Every follower is subscribed before the first result is stored. */
export async function startLoad({
  environment,
  servers: serverCount,
  followers: followerCount,
  withRedis,
  env = {},
}: LoadOptions): Promise<Load> {
  const { databaseUrl, redis, serverCommand, random } = environment;
  const servers: ServerProcess[] = [];
  const followers: Follower[] = [];
  const start = async () => {
    const redisUrl: Record<string, string> = withRedis ? { REDIS_URL: redis.url } : {};
    // Data directories are not used, and must not be shared.
    const server = await startServerProcess({
      command: serverCommand,
      env: { DATABASE_URL: databaseUrl, DATA_DIR: `.chaos-${randomUUID()}`, STREAM_POLL_INTERVAL_MS: '200', ...redisUrl, ...env },
    });
    servers.push(server);
    return server;
  };
  const close = async () => {
    for (const follower of followers) follower.close();
    await Promise.all(servers.splice(0).map((server) => server.kill()));
  };
  try {
    // One after the other: the first one migrates.
    for (let index = 0; index < serverCount; index++) await start();
    for (let index = 0; index < followerCount; index++) {
      followers.push(
        startFollower({
          filter: FOLLOWED_FILTERS[index % FOLLOWED_FILTERS.length]!,
          url: () => servers[Math.floor(random() * servers.length)]?.webSocketUrl ?? 'ws://127.0.0.1:9/graphql',
        }),
      );
    }
    await until('all followers to be subscribed', () => followers.every(({ itemsOfConnection }) => itemsOfConnection() > 0));
    await Promise.all(servers.map((server) => server.startScanning()));
  } catch (error) {
    await close();
    throw error;
  }

  return {
    servers,
    followers,
    close,
    async addServer() {
      const server = await start();
      await server.startScanning();
      return server;
    },
    async killServer(server) {
      servers.splice(servers.indexOf(server), 1);
      await server.kill();
    },
    async progress(results) {
      const all = followers.filter(({ filter }) => filter.where === 'true');
      const wanted = all.map(({ received }) => received.length + results);
      await until(`${results} further results`, () => all.every(({ received }, index) => received.length >= wanted[index]!));
    },
    async finish() {
      await Promise.all(servers.map((server) => server.stopScanning()));
      return checkFollowers(databaseUrl, followers);
    },
  };
}
