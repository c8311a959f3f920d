import fc from 'fast-check';
import { type ExecutionResult, type GraphQLError, parse, subscribe, validate } from 'graphql';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { LOCAL_ADMIN } from '../../src/domain/access/viewer.ts';
import { METRICS } from '../../src/domain/candidates/metric.ts';
import type { Underlying } from '../../src/domain/chain/underlying.ts';
import { ValidationError } from '../../src/domain/errors/validation-error.ts';
import type { Filter } from '../../src/domain/filters/filter.ts';
import type { ScanResultDraft } from '../../src/domain/results/scan-result.ts';
import type { ScanRun } from '../../src/domain/results/scan-run.ts';
import type { LoaderSources } from '../../src/loaders/loaders.ts';
import { schema } from '../../src/schema/index.ts';
import { createErrorMask } from '../../src/server/mask-error.ts';
import { requestContext } from '../../src/server/request-context.ts';
import { encodePosition } from '../../src/services/stream-log/cursor.ts';
import { aResultDraft } from '../support/a-result-draft.ts';
import { aRandomSubscription, type RandomSubscription } from '../support/random-subscription.ts';
import { type LiveServer, startLiveServer } from '../support/start-live-server.ts';

/**
 * What subscribers over WebSocket get, who share executions, must be what graphql-js itself gives each of them alone: the same operations, made at random from the
 * schema, go both ways over the same rows, and their messages must be the same to the letter.
 */

const OPERATIONS = 80;
const REQUEST_ID = 'the-request';
const SYMBOLS = ['AAA', 'BBB', 'CCC', 'DDD'] as const;
const FILTER_IDS = [1, 2, 3, 4, 5].map((number) => `01900000-0000-7000-8000-00000000000${number}`);
const [FINE_FILTER, OTHER_FILTER, MISSING_FILTER, FAILING_FILTER, REFUSED_FILTER] = FILTER_IDS as [string, string, string, string, string];
const FINE_RUN = '01900000-0000-7000-8000-0000000000a1';
const MISSING_RUN = '01900000-0000-7000-8000-0000000000a2';

/** Counts batches: what loaders find changes with each, so that one kept for too long shows. */
let version = 0;

function aFilter(id: string): Filter {
  return {
    id,
    presetKey: null,
    ownerSubject: null,
    visibility: 'SHARED',
    kind: 'CUSTOM',
    name: `filter of batch ${version}`,
    description: 'quotes " and \\ and 😀',
    criteria: { symbols: { in: ['AAA'] } },
    enabled: true,
    revision: version,
    createdAtMs: 0,
    updatedAtMs: version,
    deletedAtMs: null,
  };
}

function anUnderlying(symbol: string): Underlying {
  return {
    symbol,
    name: symbol,
    kind: 'EQUITY',
    exerciseStyle: 'AMERICAN',
    contractMultiplier: 100,
    currency: 'USD',
    price: symbol === 'BBB' ? null : 100 + version,
    impliedVolatility30d: 0.25,
    contracts: 10,
    expirations: 2,
    quotedAtMs: version,
    scannedAtMs: version,
  } as unknown as Underlying;
}

function aRun(id: string): ScanRun {
  return {
    id,
    kind: 'CYCLE',
    state: 'RUNNING',
    symbols: ['AAA'],
    filterIds: [FINE_FILTER, MISSING_FILTER],
    requestedAtMs: 0,
    startedAtMs: 0,
    finishedAtMs: null,
    symbolsDone: version,
    contracts: 1,
    candidates: 1,
    results: 1,
    duplicates: 0,
    drops: [{ stage: 'feed', reason: 'stale', count: 1 }],
    failures: [],
  } as ScanRun;
}

const sources: LoaderSources = {
  filters: {
    async byIds(ids) {
      if (ids.includes(FAILING_FILTER)) throw new Error('the database is gone');
      if (ids.includes(REFUSED_FILTER)) throw new ValidationError([{ path: 'id', message: 'expected another id' }]);
      return ids.filter((id) => id !== MISSING_FILTER).map(aFilter);
    },
  },
  underlyings: { bySymbols: async (symbols) => symbols.filter((symbol) => symbol !== 'CCC').map(anUnderlying) },
  opportunities: { byIds: async () => [] },
  scanRuns: { byIds: async (ids) => ids.filter((id) => id === FINE_RUN).map(aRun) },
  notificationChannels: { byIds: async () => [] },
  channelConditions: { conditions: async () => [] },
  distributions: { statistics: async () => new Map() },
  notifications: { attempts: async () => [], ofAlerts: async () => [] },
  underlyingHistory: { days: async () => new Map(), observationsByHour: async () => new Map(), series: async () => [] },
  strikeSightings: { sightings: async () => new Map() },
  results: { byIds: async () => [] },
};

let server: LiveServer;
const sockets: Connection[] = [];

beforeAll(async () => {
  server = await startLiveServer({
    sources,
    services: {
      underlyings: {
        rank(symbol: string) {
          if (symbol === 'DDD') throw new Error('no history');
          return { ivRank: 50, ivPercentile: Number.NaN };
        },
        // Of a chain nothing but which expirations it has: resolvers of its other fields fail, which is told alike.
        latestChain: () => ({ snapshot: { expirations: [{ date: '2026-12-18', root: 'AAA', start: 0, end: 1 }] } }),
      } as never,
    },
    requestId: REQUEST_ID,
  });
  for (let number = 0; number < 3; number++) sockets.push(await connect());
});

afterAll(async () => {
  for (const { socket } of sockets) socket.terminate();
  await server.stop();
});

interface Connection {
  readonly socket: WebSocket;
  /** The texts of the messages of each operation. */
  readonly messages: Map<string, string[]>;
  send(message: object): void;
  /** Resolves when everything the server has sent so far has come. */
  settled(): Promise<void>;
}

async function connect(): Promise<Connection> {
  const socket = new WebSocket(server.webSocketUrl, 'graphql-transport-ws');
  const messages = new Map<string, string[]>();
  let acknowledge = () => {};
  const pongs: (() => void)[] = [];
  socket.on('message', (data) => {
    const text = String(data);
    const { type, id } = JSON.parse(text) as { type: string; id: string };
    if (type === 'connection_ack') acknowledge();
    else if (type === 'pong') pongs.shift()!();
    else messages.set(id, [...(messages.get(id) ?? []), text]);
  });
  const send = (message: object) => socket.send(JSON.stringify(message));
  await new Promise((resolve) => socket.once('open', resolve));
  await new Promise<void>((resolve) => {
    acknowledge = resolve;
    send({ type: 'connection_init' });
  });
  return {
    socket,
    messages,
    send,
    settled: () =>
      new Promise((resolve) => {
        pongs.push(resolve);
        send({ type: 'ping' });
      }),
  };
}

const maskError = createErrorMask({ log: pino({ level: 'silent' }) });

/** The messages as the protocol has them for what graphql-js gives one subscriber. */
function stockSubscription(id: string, query: string, variables: Record<string, unknown>): { messages: string[]; stop: () => void } {
  const messages: string[] = [];
  let stop = () => {};
  const tell = ({ data, errors }: ExecutionResult) => {
    const masked = errors?.map((error: GraphQLError) => maskError(error));
    messages.push(JSON.stringify({ id, type: 'next', payload: masked ? { data, errors: masked } : { data } }));
  };
  void requestContext.run({ requestId: REQUEST_ID }, async () => {
    const args = {
      schema,
      document: parse(query),
      variableValues: variables,
      contextValue: server.newContext({ requestId: REQUEST_ID, viewer: LOCAL_ADMIN }),
    };
    const results = await subscribe(args);
    if (!(Symbol.asyncIterator in results)) {
      tell(results);
      messages.push(JSON.stringify({ id, type: 'complete' }));
      return;
    }
    stop = () => void results.return(undefined);
    for await (const result of results) tell(result);
  });
  return { messages, stop: () => stop() };
}

interface Subscriber {
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

let operations = 0;

/** Runs the subscribers both ways over the same batches: the messages to each of them. */
async function bothWays(
  subscribers: readonly Subscriber[],
  batches: readonly (readonly ScanResultDraft[])[],
): Promise<{ shared: string[][]; alone: string[][] }> {
  const both = subscribers.map(({ query, variables }, index) => {
    const id = `operation ${operations++}`;
    const connection = sockets[index % sockets.length]!;
    connection.messages.set(id, []);
    connection.send({ type: 'subscribe', id, payload: { query, variables } });
    return { id, connection, ...stockSubscription(id, query, variables) };
  });
  const delivered = async () => {
    await vi.waitFor(
      () => {
        for (const { id, connection, messages } of both) {
          expect(messages.length).toBeGreaterThan(0);
          expect(connection.messages.get(id)!.length).toBeGreaterThanOrEqual(messages.length);
        }
      },
      { interval: 1 },
    );
    // Executions need no more than microtasks and ticks: a turn of the loop, and all that will be sent has been.
    for (let turn = 0; turn < 3; turn++) {
      await new Promise((resolve) => setImmediate(resolve));
      await Promise.all(sockets.map((connection) => connection.settled()));
    }
  };
  try {
    await delivered();
    for (const drafts of batches) {
      version++;
      server.publish(drafts);
      await new Promise((resolve) => setImmediate(resolve));
      await delivered();
    }
    return { shared: both.map(({ id, connection }) => connection.messages.get(id)!), alone: both.map(({ messages }) => [...messages]) };
  } finally {
    for (const { id, connection, stop } of both) {
      stop();
      connection.send({ type: 'complete', id });
      connection.messages.delete(id);
    }
    await vi.waitFor(() => expect(server.subscribers()).toBe(0), { interval: 1 });
  }
}

const aDraft: fc.Arbitrary<ScanResultDraft> = fc
  .record({
    symbol: fc.constantFrom(...SYMBOLS),
    filterId: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(FINE_FILTER, OTHER_FILTER) },
      { weight: 1, arbitrary: fc.constantFrom(...FILTER_IDS) },
    ),
    scanRunId: fc.constantFrom(FINE_RUN, MISSING_RUN),
    legsKey: fc.constantFrom('one', 'two'),
    stock: fc.boolean(),
    metrics: fc.dictionary(
      fc.constantFrom(...METRICS.map(({ name }) => name)),
      fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
      { maxKeys: 5 },
    ),
  })
  .map(({ stock, ...rest }) => {
    const draft = aResultDraft(rest);
    return stock
      ? { ...draft, strategy: 'COVERED_CALL', legs: [{ kind: 'STOCK', symbol: rest.symbol, quantity: 100 }, draft.legs[1]!] }
      : draft;
  });

const someBatches = fc.array(fc.array(aDraft, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 });

const anOperation = aRandomSubscription({
  schema,
  field: 'scanResults',
  filters: [
    { literal: '{}', value: {} },
    { literal: '{ symbols: { in: ["AAA", "DDD"] } }', value: { symbols: { in: ['AAA', 'DDD'] } } },
    { literal: '{ symbols: { in: ["CCC"] } }', value: { symbols: { in: ['CCC'] } } },
    { literal: '{ delta: { min: 2, max: 1 } }', value: { delta: { min: 2, max: 1 } } },
  ],
  literals: { Date: '"2026-12-18"' },
});

/** Cursors within the last rows: kept in memory or not. */
const somePlaces = fc.array(fc.nat({ max: 60 }), { minLength: 3, maxLength: 3 });

function cursorAt(place: number): string | null {
  const positions = server.positions();
  return place >= positions.length ? null : encodePosition('scan-results', positions.at(-1 - place)!);
}

function subscriberOf(operation: RandomSubscription, after: string | null): Subscriber {
  return { query: operation.text(after), variables: operation.variables(after) };
}

describe('subscribers that share executions', () => {
  it('are told what each would be told alone, whatever they select', async () => {
    let valid = 0;
    await fc.assert(
      fc.asyncProperty(anOperation, somePlaces, someBatches, async (operation, places, batches) => {
        const [one, other, another] = places.map(cursorAt) as [string | null, string | null, string | null];
        const base = subscriberOf(operation, one);
        const mistakes = validate(schema, parse(base.query));
        expect(mistakes.map(({ message }) => message)).toEqual([]);
        valid++;
        const subscribers = [base, base, subscriberOf(operation, other), subscriberOf(operation, another)];
        for (const name of operation.switches) {
          const { query, variables } = subscriberOf(operation, other);
          subscribers.push({ query, variables: { ...variables, [name]: !(variables[name] ?? false) } });
        }
        const { shared, alone } = await bothWays(subscribers, batches);
        expect(shared).toEqual(alone);
      }),
      { numRuns: OPERATIONS, seed: 20_261_120 },
    );
    expect(valid).toBe(OPERATIONS);
  });

  it('are told of the errors in their own documents, where they stand there', async () => {
    const query = (after: string) => `subscription { scanResults(after: ${after}) { cursor results { symbol filter { name } } } }`;
    const failing = aResultDraft({ filterId: FAILING_FILTER });
    server.publish([failing]);
    const cursor = JSON.stringify(encodePosition('scan-results', server.positions().at(-1)!));
    const texts = ['null', cursor, `"""${cursor.slice(1, -1)}"""`, `"""\n${cursor.slice(1, -1)}\n"""`];
    const { shared, alone } = await bothWays(
      texts.map((after) => ({ query: query(after), variables: {} })),
      [[failing], [aResultDraft({ filterId: MISSING_FILTER })], [aResultDraft({ filterId: REFUSED_FILTER })]],
    );
    expect(shared).toEqual(alone);
  });

  it('with one variable for where they begin and for what they select are told what they select', async () => {
    // The same variable in two places: subscribers who differ in it cannot share.
    const query =
      'subscription ($text: String, $shown: Boolean!) { scanResults(after: $text) { results { symbol underlying { chain(expiration: "2026-12-18", root: $text) { __typename } } kind: __typename @include(if: $shown) } } }';
    const cursors = [0, 1, 2].map(cursorAt);
    const { shared, alone } = await bothWays(
      [...cursors, null].flatMap((text) => [true, false].map((shown) => ({ query, variables: { text, shown } }))),
      [[aResultDraft()], [aResultDraft({ symbol: 'BBB' })]],
    );
    expect(shared).toEqual(alone);
  });

  it('cost one execution for each batch, wherever each of them began', async () => {
    server.publish([aResultDraft(), aResultDraft()]);
    const executions = async () =>
      (await server.registry.getSingleMetric('strikewire_subscription_executions_total')!.get()).values[0]!.value;
    const query = 'subscription ($after: String) { scanResults(after: $after) { phase cursor results { symbol filter { name } } } }';
    const subscribers = Array.from({ length: 30 }, (_, index) => ({ query, variables: { after: cursorAt(index % 3) } }));
    const begin = await executions();
    await bothWays(subscribers, []);
    const ofBeginnings = (await executions()) - begin;
    expect(ofBeginnings).toBe(30);
    await bothWays(subscribers, [[aResultDraft()], [aResultDraft()], [aResultDraft()]]);
    expect((await executions()) - begin - 2 * ofBeginnings).toBe(3);
  });
});
