import './without-development-checks.ts';
import { readFileSync } from 'node:fs';
import { v7 as uuidv7 } from 'uuid';
import type { App } from './app/app.ts';
import { startApp } from './app.ts';
import type { Config } from './config/config.ts';
import { ConfigError } from './config/config-error.ts';
import { loadConfig } from './config/load-config.ts';
import { DomainError } from './domain/errors/domain-error.ts';
import { createLogger } from './server/logging/logger.ts';
import { every } from './server/terminal/every.ts';
import { renderStartLines } from './server/terminal/render-start-lines.ts';
import type { StatusReading } from './server/terminal/render-status-line.ts';
import { terminalAbilities } from './server/terminal/terminal-abilities.ts';
import { createTerminalStatus } from './server/terminal/terminal-status.ts';
import { createUnhandledRejectionHandler } from './unhandled-rejection.ts';

const STATUS_INTERVAL_MS = 250;
/** sysexits.h EX_CONFIG: the configuration is wrong, starting again will not help. */
const EXIT_CONFIG = 78;
/** Parts that are late in a stop each get a moment to be cut off; only what hangs even then, or hangs while starting, is left behind. */
const LAST_MOMENTS_MS = 3_000;

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };

async function main(): Promise<void> {
  const loaded = loadConfig({
    argv: process.argv.slice(2),
    env: process.env,
    cwd: process.cwd(),
    readFile: (path) => readFileSync(path, 'utf8'),
  });
  if (loaded.kind === 'help') {
    process.stdout.write(loaded.text);
  } else if (loaded.kind === 'version') {
    process.stdout.write(`${version}\n`);
  } else {
    await run(loaded.config, loaded.configFile);
  }
}

async function run(config: Config, configFile: string | undefined): Promise<void> {
  let app: App | null = null;
  const isTerminal = process.stdout.isTTY === true;
  const terminal = createTerminalStatus({
    output: process.stdout,
    env: process.env,
    readStatus: () => readStatus(app!),
    intervalMs: STATUS_INTERVAL_MS,
    every,
  });
  const log = createLogger({
    level: config.log.level,
    format: config.log.format,
    output: terminal,
    isTerminal,
    color: terminalAbilities(process.stdout, process.env).color,
    now: Date.now,
  });

  const starting = new AbortController();
  /** What failed stays failed, whatever ends the process in the end. */
  let exitCode = 0;
  const end = (clean: boolean): void => {
    terminal.stop();
    log.info({ clean }, 'stopped');
    process.exit(clean ? exitCode : exitCode || 1);
  };
  const stop = async (reason: string, code: number): Promise<void> => {
    exitCode ||= code;
    if (starting.signal.aborted) return;
    // While it is still starting, startApp takes back what it has started, and rejects.
    starting.abort();
    log.info({ reason }, 'stopping');
    setTimeout(() => {
      log.fatal({ timeoutMs: config.server.shutdownTimeoutMs }, 'the stop takes too long, giving up');
      end(false);
    }, config.server.shutdownTimeoutMs + LAST_MOMENTS_MS).unref();
    if (app) end(await app.stop());
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal, 0));
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'uncaught error');
    void stop('uncaught error', 1);
  });
  process.on('unhandledRejection', createUnhandledRejectionHandler({ log, stop: () => void stop('uncaught error', 1) }));

  try {
    const deps = { log, clock: Date.now, now: () => performance.now(), random: Math.random, newId: uuidv7 };
    app = await startApp(config, deps, starting.signal);
  } catch (error) {
    if (starting.signal.aborted) return end(true);
    if (error instanceof DomainError) log.fatal({ code: error.code }, error.message);
    else log.fatal({ err: error }, 'the server could not start');
    process.exit(1);
  }
  const facts = { version, configFile, ...app.facts };
  if (isTerminal) terminal.write(`${renderStartLines(facts).join('\n')}\n`);
  else log.info(facts, 'started');
  terminal.start();
}

function readStatus(app: App): StatusReading {
  const { state, cycle, lastCycle, contractsPerSecond, totals } = app.scannerStatus();
  const shown = cycle ?? lastCycle;
  return {
    state,
    symbolsDone: shown?.symbolsDone ?? 0,
    symbolsTotal: shown?.symbols.length ?? 0,
    contractsPerSecond,
    results: totals.results,
    subscribers: app.subscribers(),
  };
}

main().catch((error: unknown) => {
  if (error instanceof ConfigError) {
    process.stderr.write(`${error.message}\n`);
    process.exit(EXIT_CONFIG);
  }
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});
