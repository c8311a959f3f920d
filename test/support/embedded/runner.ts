/**
 * A program that runs an embedded PostgreSQL until it is told to end by SIGTERM, for tests that kill it. Its argument is JSON; it prints a line of JSON when the
 * server runs, or when it could not be started.
 */
import { currentMachine } from '../../../src/db/embedded/host-machine.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../../src/db/embedded/start-embedded-postgres.ts';

export interface RunnerArguments {
  readonly dataDirectory: string;
  /** Where programs such as setpriv are looked for, instead of PATH. */
  readonly path?: string;
}

export type RunnerAnswer = { readonly url: string; readonly port: number } | { readonly code: string; readonly message: string };

const { dataDirectory, path } = JSON.parse(process.argv[2]!) as RunnerArguments;
const machine = currentMachine();
const nothing = () => {};

function answer(value: RunnerAnswer): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

async function run(): Promise<void> {
  let server: EmbeddedPostgres;
  try {
    server = await startEmbeddedPostgres({
      dataDirectory,
      disposable: true,
      log: { debug: nothing, info: nothing, warn: nothing, error: nothing },
      machine: path === undefined ? machine : { ...machine, environment: { PATH: path } },
    });
  } catch (error) {
    const { code = 'UNKNOWN', message } = error as Error & { code?: string };
    answer({ code, message });
    process.exitCode = 1;
    return;
  }
  answer({ url: server.url, port: server.port });
  const alive = setInterval(nothing, 1_000_000);
  process.once('SIGTERM', () => {
    clearInterval(alive);
    void server.stop();
  });
}

void run();
