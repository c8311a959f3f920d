/**
 * Starts the server as a user does (`npm start`, embedded defaults, a free port, an empty data directory), asks, changes and subscribes once, and stops it with
 * SIGTERM. Exits with 1, saying what was missing, unless all of it worked and the server ended with exit code 0.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

const START_TIMEOUT_MS = 180_000;
const STEP_TIMEOUT_MS = 30_000;

async function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

async function withTimeout<T>(what: string, ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: nothing within ${ms} ms`)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

async function ask(url: string, query: string, variables: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data?: Record<string, unknown>; errors?: unknown };
  if (errors || !data) throw new Error(`expected data, got ${JSON.stringify(errors)}`);
  return data;
}

async function untilReady(origin: string): Promise<void> {
  while (server.exitCode === null && server.signalCode === null) {
    const ready = await fetch(`${origin}/ready`).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The first event with results: before it comes one that only has the cursor to go on from. */
async function firstResults(url: string, query: string): Promise<unknown> {
  const client = createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0 });
  try {
    for await (const { data, errors } of client.iterate<{ scanResults: { results: unknown[] } }>({ query })) {
      if (errors || !data) throw new Error(`expected an event, got ${JSON.stringify(errors)}`);
      if (data.scanResults.results.length > 0) return data;
    }
    throw new Error('expected an event, the subscription ended');
  } finally {
    await client.dispose();
  }
}

const dataDirectory = mkdtempSync(join(tmpdir(), 'strikewire-smoke-'));
const port = await freePort();
const origin = `http://127.0.0.1:${port}`;
const server = spawn('npm', ['start'], {
  env: { ...process.env, PORT: String(port), DATA_DIR: dataDirectory },
  stdio: ['ignore', 'pipe', 'inherit'],
});
let output = '';
server.stdout.on('data', (chunk: Buffer) => {
  output += chunk.toString();
});
const exited = new Promise<number | null>((resolve) => server.once('exit', (code) => resolve(code)));

try {
  const startedAt = performance.now();
  await withTimeout(
    'start',
    START_TIMEOUT_MS,
    Promise.race([untilReady(origin), exited.then((code) => Promise.reject(new Error(`npm start ended with ${code}`)))]),
  );
  console.log(`ready after ${Math.round(performance.now() - startedAt)} ms`);

  const { scanner } = await ask(`${origin}/graphql`, '{ scanner { state feed watchlist } }');
  console.log('query', JSON.stringify(scanner).slice(0, 120));
  const { filterCreate } = await ask(
    `${origin}/graphql`,
    'mutation ($input: FilterCreateInput!) { filterCreate(input: $input) { __typename ... on FilterCreatePayload { filter { id revision } } ... on Error { message } } }',
    { input: { name: 'Smoke', criteria: { score: { min: 0 } } } },
  );
  if ((filterCreate as { __typename: string }).__typename !== 'FilterCreatePayload')
    throw new Error(`mutation: got ${JSON.stringify(filterCreate)}`);
  console.log('mutation', JSON.stringify(filterCreate));
  const event = await withTimeout(
    'subscription',
    STEP_TIMEOUT_MS,
    firstResults(`ws://127.0.0.1:${port}/graphql`, 'subscription { scanResults { cursor results { symbol strategy score } } }'),
  );
  console.log('subscription', JSON.stringify(event).slice(0, 160));

  server.kill('SIGTERM');
  const code = await withTimeout('stop', 15_000, exited);
  if (code !== 0) throw new Error(`expected exit code 0 after SIGTERM, got ${code}`);
  console.log('stopped with exit code 0');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.error(output.split('\n').slice(-20).join('\n'));
  process.exitCode = 1;
} finally {
  if (server.exitCode === null) server.kill('SIGKILL');
  rmSync(dataDirectory, { recursive: true, force: true });
}
// A server that was left behind would keep its pipe open, and this waiting.
process.exit();
