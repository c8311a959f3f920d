/*
 * npm run chaos -- NAME: breaks something under load, or sends what nobody should send; prints what was counted and ends with 1 when something was lost, doubled, out of order
 * or out of bounds.
 * Uses its own PostgreSQL and Redis; CHAOS_SEED repeats the choices of an earlier run.
 */
import { fileURLToPath } from 'node:url';
import { startBenchDatabase } from '../bench/bench-database.ts';
import { seededRandom } from '../bench/seeded-random.ts';
import type { ChaosEnvironment } from './chaos-environment.ts';
import type { ChaosReport } from './chaos-report.ts';
import { hostile } from './hostile.ts';
import { kill } from './kill.ts';
import { redis } from './redis.ts';
import { resume } from './resume.ts';
import { stalled } from './stalled.ts';
import { startChaosRedis } from './start-chaos-redis.ts';

const RUNS: Readonly<Record<string, (environment: ChaosEnvironment) => Promise<ChaosReport>>> = {
  resume: (environment) => resume(environment, { cuts: 1_000, followers: 40, simultaneous: 8 }),
  redis: (environment) => redis(environment, { cycles: 3, followers: 20, resultsPerState: 500 }),
  stalled: (environment) => stalled(environment, { readers: 199, rounds: 3, resultsPerRound: 2_000, isTimed: true }),
  hostile: (environment) => hostile(environment, { documents: 3_000, longDocuments: 600, rounds: 3, connections: 1_000 }),
  kill: (environment) => kill(environment, { kills: 6, followers: 40, resultsPerKill: 300 }),
};

const name = process.argv[2] ?? '';
const run = Object.hasOwn(RUNS, name) ? RUNS[name] : undefined;
if (run === undefined) {
  console.error(`expected the name of a run (${Object.keys(RUNS).join(', ')}), got ${name === '' ? 'none' : `"${name}"`}`);
  process.exit(2);
}

const seed = Number(process.env.CHAOS_SEED ?? Date.now() % 1_000_000);
console.log(`${name}, seed ${seed}`);
const database = await startBenchDatabase();
const redisServer = await startChaosRedis();
try {
  const { counts, violations } = await run({
    databaseUrl: database.url,
    redis: redisServer,
    serverCommand: [process.execPath, fileURLToPath(new URL('../dist/main.js', import.meta.url))],
    random: seededRandom(seed),
    print: (line) => console.log(`  ${line}`),
  });
  for (const [what, count] of Object.entries(counts))
    console.log(`${what.padEnd(36)} ${typeof count === 'number' ? count.toLocaleString('en-US') : count}`);
  for (const violation of violations) console.error(`VIOLATION: ${violation}`);
  console.log(JSON.stringify({ chaos: name, seed, ...counts, violations: violations.length }));
  if (violations.length > 0) process.exitCode = 1;
} finally {
  await redisServer.close();
  await database.stop();
}
