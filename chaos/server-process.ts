import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A server as a user starts it, with the simulated market as the load; it does not scan before it is told to. */
export interface ServerProcess {
  /** `ws://127.0.0.1:PORT/graphql`. */
  readonly webSocketUrl: string;
  startScanning(): Promise<void>;
  /** Resolves when everything found has been stored. */
  stopScanning(): Promise<void>;
  /** Sum over the series whose labels include this text, e.g. `source="bus"`. */
  metric(name: string, labels?: string): Promise<number>;
  /** SIGKILL; resolves when it is gone. Idempotent. */
  kill(): Promise<void>;
}

export interface ServerProcessOptions {
  readonly command: readonly string[];
  /** Settings as environment variables. */
  readonly env: Readonly<Record<string, string>>;
}

/** Few underlyings, scanned as often as their prices change: some hundred results a second. */
const LOAD = { FEED: 'simulated', FEED_SIMULATED_UNDERLYINGS: '6', SCANNER_MINIMUM_INTERVAL_MS: '0', SCANNER_RESULTS_PER_FILTER: '20' };
const STORED_MS = 30_000;
const LOG_TAIL = 2_000;

export async function startServerProcess({ command, env }: ServerProcessOptions): Promise<ServerProcess> {
  const [program, ...programArguments] = command;
  const child = spawn(program!, programArguments, {
    env: { ...process.env, ...LOAD, PORT: '0', SCANNER_AUTOSTART: 'false', LOG_FORMAT: 'json', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const dieWithParent = () => child.kill('SIGKILL');
  process.once('exit', dieWithParent);
  let log = '';
  const origin = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-LOG_TAIL);
      const url = /"url":"(http:\/\/[^/"]+)/.exec(log)?.[1];
      if (url) resolve(url);
    });
    exited.then(([code]) => reject(new Error(`expected a server, it ended with ${code}: ${log}`)), reject);
  });

  async function ask(query: string): Promise<Record<string, never>> {
    const response = await fetch(`${origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    const { data, errors } = (await response.json()) as { data?: Record<string, never>; errors?: unknown };
    if (!data || errors) throw new Error(`expected data, got ${JSON.stringify(errors)}`);
    return data;
  }

  async function metric(name: string, labels = ''): Promise<number> {
    const text = await (await fetch(`${origin}/metrics`)).text();
    const values = text.split('\n').filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
    if (values.length === 0) throw new Error(`expected the metric ${name}, got none`);
    return values.filter((line) => line.includes(labels)).reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
  }

  return {
    webSocketUrl: `${origin.replace('http', 'ws')}/graphql`,
    metric,
    async startScanning() {
      await ask('mutation { scannerStart { scanner { state } } }');
    },
    async stopScanning() {
      await ask('mutation { scannerStop { scanner { state } } }');
      const deadline = performance.now() + STORED_MS;
      for (;;) {
        const { scanner } = (await ask('{ scanner { state } }')) as unknown as { scanner: { state: string } };
        if (scanner.state === 'STOPPED' && (await metric('strikewire_results_pending')) === 0) return;
        if (performance.now() > deadline) throw new Error(`expected the scanner to stop within ${STORED_MS} ms, it is ${scanner.state}`);
      }
    },
    async kill() {
      process.off('exit', dieWithParent);
      child.kill('SIGKILL');
      await exited;
    },
  };
}
