import { pino } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import { startApp } from '../dist/app.js';
import { loadConfig } from '../dist/config/load-config.js';

type Product = Awaited<ReturnType<typeof startApp>>;

/**
 * Strikewire as it ships, on a free port, without scanning by itself; settings come from the environment.
 *
 * @param feed instead of the configured one
 */
export async function startProduct(feed?: Parameters<typeof startApp>[1]['feed']): Promise<Product> {
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
  return startApp(loaded.config, { ...deps, ...(feed && { feed }) }, new AbortController().signal);
}
