import { type ChildProcess, fork } from 'node:child_process';
import { Agent, request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { shippedFlags } from '../shipped-flags.ts';

const CONNECTIONS = 4;

/** A program of this folder (or, from here, of another) that answers pages over HTTP and tells its parent its port and the processor time it has used. */
export interface PageServerOptions {
  readonly name: string;
  readonly script: string;
  /** What it is asked for. */
  readonly query: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
}

export interface AskedOperation {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

export interface PageServer {
  /** Asks that many times over a few connections; the text of the last answer. */
  ask(count: number): Promise<string>;
  /** Asks each of these once, in their order, over a few connections; the texts of the answers. */
  askEach(operations: readonly AskedOperation[]): Promise<string[]>;
  /** What the product says of itself: the sum of a metric over the series with these labels, written as in its text. */
  metric(name: string, labels?: string): Promise<number>;
  /** Microseconds of processor time since it was started. */
  usage(): Promise<number>;
  stop(): void;
}

export async function startPageServer({ name, script, query, headers = {}, environment }: PageServerOptions): Promise<PageServer> {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const child = fork(file, {
    execArgv: [...(file.endsWith('.ts') ? ['--import', 'tsx'] : []), ...shippedFlags(file)],
    env: { ...process.env, ...environment, NODE_ENV: 'production', GRAPHILE_ENV: 'production' },
  });
  const port = await firstMessage<{ port: number }>(child, name).then((message) => message.port);
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const asked = JSON.stringify({ query });

  function askOnce(body: string | null, path = '/graphql'): Promise<string> {
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          port,
          agent,
          host: '127.0.0.1',
          path,
          method: body === null ? 'GET' : 'POST',
          headers: body === null ? headers : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => resolve(Buffer.concat(chunks).toString()));
        },
      );
      sent.on('error', reject);
      sent.end(body ?? undefined);
    });
  }

  /** One after another on each connection. */
  async function overConnections(work: () => Promise<boolean>): Promise<void> {
    await Promise.all(
      Array.from({ length: CONNECTIONS }, async () => {
        while (await work()) {}
      }),
    );
  }

  return {
    async ask(count) {
      let left = count;
      let last = '';
      await overConnections(async () => {
        if (left-- <= 0) return false;
        last = await askOnce(asked);
        return true;
      });
      return last;
    },
    async askEach(operations) {
      const answers: string[] = [];
      let next = 0;
      await overConnections(async () => {
        const index = next++;
        if (index >= operations.length) return false;
        answers[index] = await askOnce(JSON.stringify(operations[index]));
        return true;
      });
      return answers;
    },
    async metric(metricName, labels = '') {
      const lines = (await askOnce(null, '/metrics')).split('\n').filter((line) => /^[\w:]+/.exec(line)?.[0] === metricName);
      return lines.filter((line) => line.includes(labels)).reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
    },
    async usage() {
      const answer = firstMessage<{ microseconds: number }>(child, name);
      child.send('usage');
      return (await answer).microseconds;
    },
    stop() {
      agent.destroy();
      child.kill('SIGKILL');
    },
  };
}

function firstMessage<Message>(child: ChildProcess, name: string): Promise<Message> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`${name} ended with ${code}`));
    child.once('exit', onExit);
    child.once('message', (message) => {
      child.off('exit', onExit);
      resolve(message as Message);
    });
  });
}
