import type { ChaosEnvironment } from './chaos-environment.ts';
import type { ChaosReport } from './chaos-report.ts';
import type { Follower } from './follower.ts';
import { startLoad } from './load.ts';
import { until } from './until.ts';

export interface ResumeOptions {
  readonly cuts: number;
  readonly followers: number;
  /** Sockets that are being cut at the same time. */
  readonly simultaneous: number;
}

/** Cuts sockets while two servers write; each follower connects again, to either server, and resumes. Nothing may be lost, doubled or out of order. */
export async function resume(
  environment: ChaosEnvironment,
  { cuts, followers: followerCount, simultaneous }: ResumeOptions,
): Promise<ChaosReport> {
  const load = await startLoad({ environment, servers: 2, followers: followerCount, withRedis: true });
  try {
    await load.progress(1);
    let left = cuts;
    let moved = 0;
    const victims = [...load.followers];
    const cutAgainAndAgain = async () => {
      while (left-- > 0) {
        const index = Math.floor(environment.random() * victims.length);
        const [victim] = victims.splice(index, 1) as [Follower];
        await until('a cut follower to go on', () => victim.itemsOfConnection() > 0);
        const before = victim.url();
        victim.cut();
        await until('a cut follower to go on', () => victim.itemsOfConnection() > 0);
        if (victim.url() !== before) moved++;
        victims.push(victim);
        if (left > 0 && left % 100 === 0) environment.print(`${left} sockets left to cut`);
      }
    };
    await Promise.all(Array.from({ length: simultaneous }, cutAgainAndAgain));
    await load.progress(1);
    const { stored, delivered, violations } = await load.finish();
    const connections = load.followers.reduce((sum, follower) => sum + follower.connections(), 0);
    const expected = cuts + followerCount;
    return {
      counts: {
        'sockets cut': cuts,
        'resumed at the other server': moved,
        connections,
        'results stored': stored,
        'results delivered': delivered,
      },
      violations: connections < expected ? [...violations, `expected ${expected} connections or more, got ${connections}`] : violations,
    };
  } finally {
    await load.close();
  }
}
