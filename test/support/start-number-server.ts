import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { buildSchema, GraphQLError } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { createNumberStream, type NumberStream } from './number-stream.ts';

const schema = buildSchema(/* GraphQL */ `
  type Query {
    newest: Int!
    "Answers when the test lets it."
    held: Int!
    failing: Int
  }
  type Mutation {
    "Counts at once, and answers when the test lets it."
    addHeld: Int!
  }
  type Subscription {
    numbers(after: String, snapshot: Int): NumberBatch!
    status: Status!
  }
  enum Phase { SNAPSHOT REPLAY LIVE }
  type NumberBatch {
    phase: Phase!
    cursor: String!
    missed: Int!
    missedSince: String
    numbers: [Int!]!
    "Always an error."
    note: String
  }
  type Status { newest: Int! }
`);

export interface Received {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** A real graphql-ws server without Strikewire behind it: a durable stream of numbers, and ways to be in trouble. */
export interface NumberServer {
  readonly url: string;
  readonly port: number;
  readonly stream: NumberStream;
  /** Operations it was sent, in order. */
  readonly received: readonly Received[];
  /** What each connection began with. */
  readonly connectionParams: readonly unknown[];
  connections(): number;
  /** Cuts the connections, without a word. */
  cut(): void;
  closeAll(code: number, reason: string): void;
  sendToAll(message: string): void;
  /** Connections to come are closed with it instead of being acknowledged; null: no longer. */
  refuseWith(code: number | null): void;
  /** That many items to come are null, for an error with this code. */
  failItems(count: number, code: string): void;
  /** That many subscriptions to come are refused, with an error of this code. */
  refuseSubscriptions(count: number, code: string): void;
  /** Answers what is held. */
  letGo(): void;
  stop(): Promise<void>;
}

export async function startNumberServer(): Promise<NumberServer> {
  const stream = createNumberStream();
  const received: Received[] = [];
  const connectionParams: unknown[] = [];
  const waiting: (() => void)[] = [];
  let refusal: number | null = null;
  let itemFailures = { count: 0, code: '' };
  let refusals = { count: 0, code: '' };

  const held = async () => {
    await new Promise<void>((resolve) => waiting.push(resolve));
    return stream.newest();
  };
  const fail = (code: string) => () => {
    throw new GraphQLError('Unexpected error.', { extensions: { code } });
  };
  async function* asField<Item>(items: AsyncIterable<Item>, name: string, toValue: (item: Item) => unknown) {
    for await (const item of items) yield { [name]: toValue(item) };
  }
  /** As an asynchronous generator, except that what waits inside is ended with it. */
  function field<Item>(items: AsyncIterableIterator<Item>, name: string, toValue: (item: Item) => unknown) {
    const mapped = asField(items, name, toValue);
    const leave = mapped.return.bind(mapped);
    mapped.return = (value) => {
      void items.return?.();
      return leave(value);
    };
    return mapped;
  }

  const roots = {
    query: { newest: stream.newest, held, failing: fail('INTERNAL_SERVER_ERROR') },
    mutation: {
      addHeld: () => {
        stream.add(1);
        return held();
      },
    },
    subscription: {
      numbers({ after = null, snapshot = 0 }: { after?: string | null; snapshot?: number }) {
        if (refusals.count-- > 0) fail(refusals.code)();
        return field(stream.follow(after, snapshot), 'numbers', (batch) =>
          itemFailures.count-- > 0 ? fail(itemFailures.code) : { ...batch, note: fail('NO_NOTE') },
        );
      },
      status: () => field(stream.followNewest(), 'status', (newest) => ({ newest })),
    },
  };

  const http = createServer();
  const webSockets = new WebSocketServer({ server: http, path: '/graphql' });
  const sockets = new Set<Socket>();
  http.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const protocol = useServer<Record<string, unknown>, { socket: WebSocket; request: IncomingMessage }>(
    {
      schema,
      roots,
      onConnect(context) {
        connectionParams.push(context.connectionParams);
        if (refusal !== null) context.extra.socket.close(refusal, 'refused by the test');
      },
      onSubscribe(_context, _id, { query, variables }) {
        received.push({ query, variables: variables ?? {} });
      },
    },
    webSockets,
  );
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };

  return {
    url: `ws://127.0.0.1:${port}/graphql`,
    port,
    stream,
    received,
    connectionParams,
    connections: () => webSockets.clients.size,
    cut,
    closeAll(code, reason) {
      for (const socket of webSockets.clients) socket.close(code, reason);
    },
    sendToAll(message) {
      for (const socket of webSockets.clients) socket.send(message);
    },
    refuseWith(code) {
      refusal = code;
    },
    failItems(count, code) {
      itemFailures = { count, code };
    },
    refuseSubscriptions(count, code) {
      refusals = { count, code };
    },
    letGo() {
      for (const answer of waiting.splice(0)) answer();
    },
    async stop() {
      cut();
      await protocol.dispose();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}
