/* Strikewire as it ships, without scanning; further settings come from the environment. */
import { pino } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import { startApp } from '../../dist/app.js';
import { loadConfig } from '../../dist/config/load-config.js';
import { reportUsage } from './report-usage.ts';

const loaded = loadConfig({
  argv: [],
  env: { ...process.env, PORT: '0', SCANNER_AUTOSTART: 'false' },
  cwd: '/',
  readFile: () => {
    throw Object.assign(new Error('no file'), { code: 'ENOENT' });
  },
});
if (loaded.kind !== 'config') throw new Error('expected a configuration');
const deps = { log: pino({ level: 'warn' }), clock: Date.now, now: () => performance.now(), random: Math.random, newId: uuidv7 };
const app = await startApp(loaded.config, deps, new AbortController().signal);
reportUsage(app.address.port);
