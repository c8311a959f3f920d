import type { ChaosEnvironment } from './chaos-environment.ts';
import type { ChaosReport } from './chaos-report.ts';
import { startLoad } from './load.ts';
import { until } from './until.ts';

export interface KillOptions {
  readonly kills: number;
  readonly followers: number;
  /** Results that must come through before the next kill. */
  readonly resultsPerKill: number;
}

/** Kills one of two servers under load, again and again; its clients move to the other one and resume, and a new server takes its place. */
export async function kill(environment: ChaosEnvironment, { kills, followers, resultsPerKill }: KillOptions): Promise<ChaosReport> {
  const load = await startLoad({ environment, servers: 2, followers, withRedis: true });
  try {
    let moved = 0;
    for (let done = 0; done < kills; done++) {
      await load.progress(resultsPerKill);
      // The older one: the survivor has been there for a while, so it is killed next.
      const victim = load.servers[0]!;
      const stranded = load.followers.filter((follower) => follower.url() === victim.webSocketUrl);
      await load.killServer(victim);
      const survivor = load.servers[0]!.webSocketUrl;
      await until('the clients of a killed server to go on at the other', () =>
        stranded.every((follower) => follower.url() === survivor && follower.itemsOfConnection() > 0),
      );
      moved += stranded.length;
      await load.progress(resultsPerKill);
      if (done + 1 < kills) await load.addServer();
      environment.print(`killed ${done + 1} servers`);
    }
    const { stored, delivered, violations } = await load.finish();
    return {
      counts: { 'servers killed': kills, 'clients that moved': moved, 'results stored': stored, 'results delivered': delivered },
      violations: moved === 0 ? [...violations, 'expected clients at the killed servers, there were none'] : violations,
    };
  } finally {
    await load.close();
  }
}
