import type { ChaosEnvironment } from './chaos-environment.ts';
import type { ChaosReport } from './chaos-report.ts';
import { type Load, startLoad } from './load.ts';
import { until } from './until.ts';

export interface RedisOptions {
  /** Each stops Redis, starts it, pauses it and lets it go on. */
  readonly cycles: number;
  readonly followers: number;
  /** Results that must come through in each state before the next one. */
  readonly resultsPerState: number;
}

/** Takes Redis away from two servers under load, in both ways. The servers must notice and say so, deliver everything meanwhile, and find back by themselves. */
export async function redis(environment: ChaosEnvironment, { cycles, followers, resultsPerState }: RedisOptions): Promise<ChaosReport> {
  const load = await startLoad({ environment, servers: 2, followers, withRedis: true });
  try {
    let noticed = 0;
    const reach = async (what: string, isConnected: boolean) => {
      await until(`both servers to notice that Redis ${what}`, () => isConnectedEverywhere(load, isConnected));
      noticed++;
      await load.progress(resultsPerState);
      environment.print(`Redis ${what}: noticed, and results came through`);
    };
    await reach('is there', true);
    for (let cycle = 0; cycle < cycles; cycle++) {
      await environment.redis.stop();
      await reach('is gone', false);
      await environment.redis.start();
      await reach('is back', true);
      environment.redis.pause();
      await reach('hangs', false);
      environment.redis.resume();
      await reach('answers again', true);
    }
    const followed = async (source: string) => {
      const perServer = load.servers.map((server) =>
        server.metric('strikewire_stream_rows_total', `stream="scan-results",source="${source}"`),
      );
      return (await Promise.all(perServer)).reduce((sum, rows) => sum + rows, 0);
    };
    const [overBus, fromDatabase] = [await followed('bus'), await followed('database')];
    const { stored, delivered, violations } = await load.finish();
    return {
      counts: {
        'Redis stopped and paused': 2 * cycles,
        'changes noticed by both servers': noticed,
        'results stored': stored,
        'results delivered': delivered,
        'rows that came over the bus': overBus,
        'rows read from the database': fromDatabase,
      },
      violations,
    };
  } finally {
    environment.redis.resume();
    await load.close();
  }
}

async function isConnectedEverywhere({ servers }: Load, isConnected: boolean): Promise<boolean> {
  const values = await Promise.all(servers.map((server) => server.metric('strikewire_bus_connected')));
  return values.every((value) => value === (isConnected ? 1 : 0));
}
