import { once } from 'node:events';
import { request } from 'node:http';
import type { Socket } from 'node:net';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { schema } from '../../src/schema/index.ts';
import { aChainFeed } from '../support/a-chain-feed.ts';
import { nothingIsLeft } from '../support/nothing-is-left.ts';
import { aRandomSubscription } from '../support/random-subscription.ts';
import { openRawSocket, type RawSocket } from '../support/raw-socket.ts';
import { scanAndWait } from '../support/scan-and-wait.ts';
import { startTestApp, type TestApp } from '../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

/** Whatever is sent: the server answers or closes with a code that is specified for it, keeps nothing, logs no error of its own, and goes on serving others. */

const SEED = 20_261_121;
/** The scan beside is stored; that it waits on a busy machine is nothing the sender could see. */
const SLOW = /a commit takes longer than \d+ ms/;
const RESULTS = 'subscription { scanResults { phase results { symbol } } }';
/** Protocol error, no UTF-8, too big (RFC 6455); bad message, unauthorized, id in use, too many initialisations (graphql-transport-ws). */
const SPECIFIED_CODES = [1002, 1007, 1009, 4400, 4401, 4409, 4429];

let database: TestDatabase;
let app: TestApp;

beforeAll(async () => {
  database = await createTestDatabase();
  app = await startTestApp({ databaseUrl: database.url, feed: aChainFeed(['AAA']) });
});

afterAll(async () => {
  const clean = await app.stop();
  await database.drop();
  if (!clean) throw new Error('expected a clean stop');
});

afterEach(() => nothingIsLeft(app));

/** Runs with a subscriber beside that must not notice, and returns what was logged as an error meanwhile. */
async function besideAnother(run: () => Promise<void>): Promise<readonly Record<string, unknown>[]> {
  const before = app.logs.length;
  const other = await openRawSocket(app.webSocketUrl).initialised();
  try {
    other.send({ type: 'subscribe', id: 'other', payload: { query: RESULTS } });
    await other.frame(({ id }) => id === 'other');
    await run();
    await scanAndWait(app, ['AAA']);
    await other.frame(({ payload }) => payload?.data?.scanResults.phase === 'LIVE');
    expect(other.socket.readyState).toBe(other.socket.OPEN);
  } finally {
    other.socket.terminate();
  }
  return app.logs
    .slice(before)
    .filter(({ level, err }) => (level as number) >= 50 && !SLOW.test((err as { readonly message?: string } | undefined)?.message ?? ''));
}

/** Waits until the connection is closed or has answered everything; its close code. */
async function outcome(socket: RawSocket, mark: string): Promise<number | 'open'> {
  if (socket.socket.readyState === socket.socket.OPEN) socket.send({ type: 'ping', payload: { mark } });
  const answered = socket.frame(({ payload }) => payload?.mark === mark).then(() => 'open' as const);
  answered.catch(() => {});
  return Promise.race([socket.closed.then(({ code }) => code), answered]);
}

const id = fc.constantFrom('1', '2', '__proto__', '', 'ž', 'x'.repeat(300));
const query = fc.constantFrom(
  RESULTS,
  '{ scanner { state } }',
  'subscription { scanner { state } }',
  '{ nothing }',
  '',
  '{',
  '\u0000',
  'mutation { scannerStop { scanner { state } } }',
);
const payload = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record(
      { query, variables: fc.option(fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 3 })) },
      { requiredKeys: ['query'] },
    ),
  },
  { weight: 1, arbitrary: fc.jsonValue() },
);
const message = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant('subscribe'), id, payload }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('complete'), id }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constantFrom('ping', 'pong'),
      payload: fc.option(fc.dictionary(fc.string(), fc.jsonValue()), { nil: undefined }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constantFrom('connection_init', 'connection_ack', 'next', 'error', 'start', 'constructor'),
      id,
      payload: fc.jsonValue(),
    }),
  },
  { weight: 1, arbitrary: fc.jsonValue() },
);
const frame: fc.Arbitrary<string | Uint8Array> = fc.oneof(
  { weight: 6, arbitrary: message.map((value) => JSON.stringify(value) ?? '') },
  // Cut somewhere.
  {
    weight: 1,
    arbitrary: fc
      .tuple(message, fc.double({ min: 0, max: 1, noNaN: true }))
      .map(([value, part]) => (JSON.stringify(value) ?? '').slice(0, Math.floor(part * 100))),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
);

describe('messages of any shape', () => {
  it('are answered, or close their connection with a specified code', async () => {
    const codes = new Map<number | 'open', number>();
    const errors = await besideAnother(async () => {
      await fc.assert(
        fc.asyncProperty(fc.boolean(), fc.array(frame, { minLength: 1, maxLength: 12 }), async (initialise, frames) => {
          const socket = openRawSocket(app.webSocketUrl);
          try {
            await socket.opened;
            if (initialise) await socket.initialised();
            for (const data of frames) socket.socket.send(data);
            const result = await outcome(socket, 'end');
            codes.set(result, (codes.get(result) ?? 0) + 1);
            expect(['open', ...SPECIFIED_CODES]).toContain(result);
          } finally {
            socket.socket.terminate();
          }
        }),
        { numRuns: 150, seed: SEED },
      );
    });
    expect(errors).toEqual([]);
    // It was no monotonous noise.
    expect([...codes.keys()]).toEqual(expect.arrayContaining(['open', 4400, 4401]));
  });

  it('whose bytes are no WebSocket frames close their connection and nothing else', async () => {
    const errors = await besideAnother(async () => {
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), async (bytes) => {
          const socket = await upgradedSocket();
          socket.end(bytes);
          socket.resume();
          await once(socket, 'close');
        }),
        { numRuns: 100, seed: SEED },
      );
    });
    expect(errors).toEqual([]);
  });
});

/** A connection on which WebSocket frames are expected by the server. */
function upgradedSocket(): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const upgrade = request(`${app.origin}/graphql`, {
      agent: false,
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
        'sec-websocket-protocol': 'graphql-transport-ws',
      },
    });
    upgrade.once('upgrade', (_response, socket: Socket) => {
      socket.on('error', () => {});
      resolve(socket);
    });
    upgrade.once('error', reject);
    upgrade.end();
  });
}

/** Documents that were good before something happened to them. */
const aDocument = fc
  .tuple(
    aRandomSubscription({ schema, field: 'scanResults', filters: [], literals: { Date: '"2026-12-18"' } }),
    fc.array(
      fc.tuple(
        fc.nat(),
        fc.nat({ max: 20 }),
        fc.constantFrom(
          '',
          '{',
          '}',
          '(',
          ')',
          '$',
          '"',
          '"""',
          '...',
          '@',
          'on',
          'null',
          '1e999',
          '\u0000',
          '\\',
          '#',
          '@skip(if: true)',
          'fragment',
        ),
      ),
      { maxLength: 3 },
    ),
  )
  .map(([operation, wounds]) => {
    let text = operation.text(null);
    for (const [place, length, instead] of wounds) {
      const at = place % (text.length + 1);
      text = text.slice(0, at) + instead + text.slice(at + length);
    }
    return { text, variables: operation.variables(null) };
  });

const someVariables = fc.option(fc.dictionary(fc.constantFrom('after', 'snapshot', 'b0', 'b1', 'filter', '__proto__'), fc.jsonValue()), {
  nil: null,
});

describe('documents with mistakes', () => {
  it('are answered over WebSocket, and their connection goes on', async () => {
    const errors = await besideAnother(async () => {
      const socket = await openRawSocket(app.webSocketUrl).initialised();
      let number = 0;
      await fc.assert(
        fc.asyncProperty(aDocument, someVariables, async ({ text, variables }, others) => {
          const operation = `d${number++}`;
          socket.send({ type: 'subscribe', id: operation, payload: { query: text, variables: others ?? variables } });
          const answer = await socket.frame((received) => received.id === operation);
          expect(['next', 'error']).toContain(answer.type);
          expect(JSON.stringify(answer)).not.toContain('Unexpected error');
          socket.send({ type: 'complete', id: operation });
        }),
        { numRuns: 200, seed: SEED },
      );
      socket.socket.terminate();
    });
    expect(errors).toEqual([]);
  });

  it('are answered over HTTP and in event streams', async () => {
    const statuses = new Set<number>();
    const errors = await besideAnother(async () => {
      await fc.assert(
        fc.asyncProperty(
          aDocument,
          someVariables,
          fc.constantFrom('text/event-stream', 'application/json', 'application/graphql-response+json', '*/*'),
          async ({ text, variables }, others, accept) => {
            const controller = new AbortController();
            const response = await fetch(`${app.origin}/graphql`, {
              method: 'POST',
              headers: { 'content-type': 'application/json', accept },
              body: JSON.stringify({ query: text, variables: others ?? variables }),
              signal: controller.signal,
            });
            statuses.add(response.status);
            controller.abort();
            expect(response.status).toBeLessThan(500);
          },
        ),
        { numRuns: 150, seed: SEED },
      );
    });
    expect(errors).toEqual([]);
    expect([...statuses]).toEqual(expect.arrayContaining([200, 400]));
  });

  it('are refused as requests of event streams, whatever they name', async () => {
    const token = fc.constantFrom('', 'nobody', '00000000-0000-4000-8000-000000000000', '%00', 'ž');
    const errors = await besideAnother(async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom('GET', 'POST', 'DELETE', 'PATCH'),
          token,
          fc.jsonValue(),
          fc.boolean(),
          async (method, name, operationId, events) => {
            const url = new URL(`${app.origin}/graphql`);
            url.searchParams.set('token', name);
            if (method !== 'POST') {
              url.searchParams.set('operationId', String(operationId));
              url.searchParams.set('query', RESULTS);
            }
            const response = await fetch(url, {
              method,
              headers: { 'content-type': 'application/json', accept: events ? 'text/event-stream' : 'application/json' },
              ...(method === 'POST' && { body: JSON.stringify({ query: RESULTS, extensions: { operationId } }) }),
            });
            expect(response.status).toBeGreaterThanOrEqual(400);
            expect(response.status).toBeLessThan(500);
            await response.arrayBuffer();
          },
        ),
        { numRuns: 80, seed: SEED },
      );
    });
    expect(errors).toEqual([]);
  });
});
