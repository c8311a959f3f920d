/*
 * npm run bench -- NAME: runs one benchmark of this folder against the built product (dist/) and the peers in bench/node_modules. What runs in this process, peers as well,
 * has the memory settings of `npm start`.
 */
import { printReport, type Report } from './report.ts';

/** Every benchmark module exports `run`, which measures and returns what is to be printed. */
const BENCHES: Readonly<Record<string, () => Promise<{ run: () => Promise<Report> }>>> = {
  pricing: () => import('./pricing.ts'),
  scan: () => import('./scan.ts'),
  insert: () => import('./insert.ts'),
  page: () => import('./page.ts'),
  recent: () => import('./recent.ts'),
  rollups: () => import('./rollups.ts'),
  auth: () => import('./auth.ts'),
  'fan-out': () => import('./fan-out.ts'),
  'fan-out-filters': () => import('./fan-out-filters.ts'),
  latency: () => import('./latency.ts'),
  idle: () => import('./idle.ts'),
  alerts: () => import('./alerts.ts'),
  'event-loop': () => import('./event-loop.ts'),
};

const name = process.argv[2] ?? '';
const load = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
if (load === undefined) {
  console.error(`expected the name of a benchmark (${Object.keys(BENCHES).join(', ')}), got ${name === '' ? 'none' : `"${name}"`}`);
  process.exitCode = 2;
} else {
  const bench = await load();
  printReport(name, await bench.run(), (line) => console.log(line));
}
