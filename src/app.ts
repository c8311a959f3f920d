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
    // The files of the server and the schema that is made of them take as long as a new database: one is loaded while the other is made.
    const loading = import('./app/start-server.ts');
    // Awaited below, when the database is there to be stopped.
    loading.catch(() => {});
    const database = await openDatabase(foundation);
    const { startServer } = await loading;
    const app = await startServer(foundation, database);
    signal.throwIfAborted();
    return { ...app, stop: lifecycle.stop };
  } catch (error) {
    await lifecycle.stop();
    throw error;
  }
}
