import type { IncomingMessage, Server } from 'node:http';
import type { ExecutionArgs, GraphQLError, GraphQLFormattedError } from 'graphql';
import { handleProtocols, makeServer } from 'graphql-ws';
import type { Logger } from 'pino';
import { Gauge, type Registry } from 'prom-client';
import { WebSocketServer } from 'ws';
import { GRAPHQL_PATH, type GraphQLEndpoint } from './graphql-endpoint.ts';
import { createErrorMask } from './mask-error.ts';
import { serveWebSocket, type WebSocketExtra } from './serve-websocket.ts';

/** Greatest message a client may send; documents with variables stay far below. */
const MAXIMUM_MESSAGE_BYTES = 1_048_576;
/** RFC 6455: an endpoint is going away. Clients take it as a reason to connect again. */
const GOING_AWAY = 1001;

export interface WebSocketEndpointDeps {
  readonly server: Server;
  readonly endpoint: GraphQLEndpoint;
  readonly registry: Registry;
  readonly log: Logger;
  readonly newId: () => string;
  /** Whether a page of this origin may connect; undefined: not a browser. */
  readonly isOriginAllowed: (origin: string | undefined, host: string | undefined) => boolean;
}

export interface WebSocketEndpoint {
  connections(): number;
  /** Closes the sockets with 1001 (going away), which ends their subscriptions; clients that do not answer in time are cut. */
  stop(timeoutMs: number): Promise<void>;
}

type Executors = Pick<ReturnType<GraphQLEndpoint['getEnveloped']>, 'execute' | 'subscribe'>;
type ArgumentsOfPipeline = ExecutionArgs & { rootValue: Executors };

/** GraphQL over WebSocket (graphql-transport-ws), through the same pipeline as HTTP: masking, metrics and limits hold here too. */
export function createWebSocketEndpoint(deps: WebSocketEndpointDeps): WebSocketEndpoint {
  const { server, endpoint, registry, log, isOriginAllowed } = deps;
  const maskError = createErrorMask({ log });
  const sockets = new WebSocketServer({
    server,
    path: GRAPHQL_PATH,
    handleProtocols,
    maxPayload: MAXIMUM_MESSAGE_BYTES,
    verifyClient: ({ req }: { req: IncomingMessage }, answer: (allowed: boolean, status?: number, message?: string) => void) => {
      if (isOriginAllowed(req.headers.origin, req.headers.host)) answer(true);
      else answer(false, 403, 'Forbidden');
    },
  });
  new Gauge({
    name: 'strikewire_websocket_connections',
    help: 'Open WebSocket connections.',
    registers: [registry],
    collect() {
      this.set(sockets.clients.size);
    },
  });

  const protocol = makeServer<Record<string, unknown>, WebSocketExtra>({
    // The pipeline of each operation travels with its arguments, in rootValue.
    execute: (args) => (args as ArgumentsOfPipeline).rootValue.execute(args),
    subscribe: (args) => (args as ArgumentsOfPipeline).rootValue.subscribe(args),
    onSubscribe: async (context, _id, params) => {
      const pipeline = endpoint.getEnveloped({ ...context, req: context.extra.request, socket: context.extra.socket, params });
      try {
        const document = pipeline.parse(params.query);
        const args = {
          schema: pipeline.schema,
          operationName: params.operationName,
          document,
          variableValues: params.variables,
          contextValue: await pipeline.contextFactory(),
          rootValue: { execute: pipeline.execute, subscribe: pipeline.subscribe },
        };
        const errors = pipeline.validate(args.schema, args.document);
        return errors.length > 0 ? (errors as GraphQLError[]) : args;
      } catch (error) {
        // Answered, and the connection goes on.
        return [maskError(error)];
      }
    },
    // The pipeline has masked its own errors; what fails on the way from it to the socket comes as it was thrown.
    onError: (_context, _id, _payload, errors) => errors.map((error) => withoutHttp(maskError(error))),
  });
  sockets.on('connection', (socket, request) => serveWebSocket({ protocol, log, newId: deps.newId }, socket, request));
  sockets.on('error', (error) => log.error({ err: error }, 'the WebSocket server failed'));

  return {
    connections: () => sockets.clients.size,
    stop: (timeoutMs) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => {
          for (const socket of sockets.clients) socket.terminate();
        }, timeoutMs);
        for (const socket of sockets.clients) socket.close(GOING_AWAY, 'Going away');
        sockets.close(() => {
          clearTimeout(timer);
          resolve();
        });
      }),
  };
}

/** Yoga notes in an error which status it would have over HTTP; it takes that out of HTTP answers itself. */
function withoutHttp(error: GraphQLError): GraphQLFormattedError {
  const { extensions: { http: _http, ...extensions } = {}, ...rest } = error.toJSON();
  return Object.keys(extensions).length > 0 ? { ...rest, extensions } : rest;
}
