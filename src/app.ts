import type { App } from './app/app.ts';
import type { AppDeps } from './app/app-deps.ts';
import { openDatabase } from './app/open-database.ts';
import type { Foundation } from './app/wiring.ts';
import type { Config } from './config/config.ts';
import { createLifecycle } from './lifecycle.ts';

/** Starts everything; what has been started is stopped again when a later part fails or the signal fires. */
export async function startApp(config: Config, deps: AppDeps, signal: AbortSignal): Promise<App> {
  const { log, now } = deps;
  const lifecycle = createLifecycle({ log, now, timeoutMs: config.server.shutdownTimeoutMs });
  const foundation: Foundation = { config, deps, lifecycle, starting: signal, component: (name) => log.child({ component: name }) };
  try {
    // It keeps this process busy for as long as a new database keeps PostgreSQL, so they do it side by side. What loading fails with is told below.
    const database = await openDatabase(foundation, () => void loadServer().catch(() => {}));
    const { startServer } = await loadServer();
    const app = await startServer(foundation, database);
    signal.throwIfAborted();
    return { ...app, stop: lifecycle.stop };
  } catch (error) {
    await lifecycle.stop();
    throw error;
  }
}

/** A thousand files, and the schema that is made of them; once, however often it is asked for. */
const loadServer = () => import('./app/start-server.ts');
