import { Writable } from 'node:stream';
import { type Logger, pino } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import type { App } from '../../src/app/app.ts';
import { startApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import type { MarketDataFeed } from '../../src/services/market-data/market-data-feed.ts';
import { aChainFeed } from './a-chain-feed.ts';

export interface TestApp extends App {
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  /** `ws://127.0.0.1:PORT/graphql`. */
  readonly webSocketUrl: string;
  /** Everything that was logged. */
  readonly logs: readonly Record<string, unknown>[];
  /** POSTs an operation as JSON; the parsed answer. */
  ask(query: string, variables?: Record<string, unknown>): Promise<Answer>;
}

export interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers of any shape
  readonly data?: any;
  readonly errors?: readonly { message: string; path?: readonly (string | number)[]; extensions?: Record<string, unknown> }[];
}

export interface TestAppOptions {
  readonly databaseUrl: string;
  readonly feed?: MarketDataFeed;
  /** Settings as environment variables. */
  readonly env?: Record<string, string>;
  /** Instead of one that fills `logs`. */
  readonly log?: Logger;
}

/** The whole server on a free port, over the given database. */
export async function startTestApp({ databaseUrl, feed = aChainFeed(), env = {}, log: ownLog }: TestAppOptions): Promise<TestApp> {
  const loaded = loadConfig({
    argv: [],
    env: { DATABASE_URL: databaseUrl, PORT: '0', SCANNER_MINIMUM_INTERVAL_MS: '50', SCANNER_AUTOSTART: 'false', ...env },
    cwd: '/',
    readFile: () => {
      throw Object.assign(new Error('no file'), { code: 'ENOENT' });
    },
  });
  if (loaded.kind !== 'config') throw new Error('expected a configuration');
  const logs: Record<string, unknown>[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      logs.push(JSON.parse(chunk.toString()) as Record<string, unknown>);
      done();
    },
  });
  const log = ownLog ?? pino({ level: 'debug' }, sink);
  const deps = { log, clock: Date.now, now: () => performance.now(), random: Math.random, newId: uuidv7, feed };
  const app = await startApp(loaded.config, deps, new AbortController().signal);
  const origin = `http://127.0.0.1:${app.address.port}`;
  return {
    ...app,
    origin,
    webSocketUrl: `ws://127.0.0.1:${app.address.port}/graphql`,
    logs,
    async ask(query, variables = {}) {
      const response = await fetch(`${origin}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      });
      return (await response.json()) as Answer;
    },
  };
}
