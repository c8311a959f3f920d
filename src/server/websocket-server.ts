import type { IncomingMessage, Server } from 'node:http';
import { type ExecutionArgs, GraphQLError } from 'graphql';
import { handleProtocols } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { Gauge, type Registry } from 'prom-client';
import { WebSocketServer } from 'ws';
import { GRAPHQL_PATH, type GraphQLEndpoint } from './graphql-endpoint.ts';
import { requestContext } from './request-context.ts';

/** A ping this often finds dead connections and keeps idle ones open through proxies, which commonly cut after 60 s. */
const KEEP_ALIVE_MS = 15_000;
/** Greatest message a client may send; documents with variables stay far below. */
const MAXIMUM_MESSAGE_BYTES = 1_048_576;

export interface WebSocketEndpointDeps {
  readonly server: Server;
  readonly endpoint: GraphQLEndpoint;
  readonly registry: Registry;
  readonly newId: () => string;
  /** Whether a page of this origin may connect; undefined: not a browser. */
  readonly isOriginAllowed: (origin: string | undefined, host: string | undefined) => boolean;
}

export interface WebSocketEndpoint {
  connections(): number;
  /** Completes every subscription and closes the sockets with 1001 (going away). */
  stop(): Promise<void>;
}

type Executors = Pick<ReturnType<GraphQLEndpoint['getEnveloped']>, 'execute' | 'subscribe'>;

/** GraphQL over WebSocket (graphql-transport-ws), through the same pipeline as HTTP: masking, metrics and limits hold here too. */
export function createWebSocketEndpoint(deps: WebSocketEndpointDeps): WebSocketEndpoint {
  const { server, endpoint, registry, newId, isOriginAllowed } = deps;
  const sockets = new WebSocketServer({
    server,
    path: GRAPHQL_PATH,
    handleProtocols,
    maxPayload: MAXIMUM_MESSAGE_BYTES,
    verifyClient: ({ req }: { req: IncomingMessage }) => isOriginAllowed(req.headers.origin, req.headers.host),
  });
  new Gauge({
    name: 'strikewire_websocket_connections',
    help: 'Open WebSocket connections.',
    registers: [registry],
    collect() {
      this.set(sockets.clients.size);
    },
  });

  const protocol = useServer(
    {
      // The pipeline of each operation travels with its arguments, in rootValue.
      execute: (args) => (args as ExecutionArgs & { rootValue: Executors }).rootValue.execute(args),
      subscribe: (args) => (args as ExecutionArgs & { rootValue: Executors }).rootValue.subscribe(args),
      onSubscribe: async (context, _id, params) => {
        requestContext.enterWith({ requestId: newId() });
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
          // A syntax error is the client's: it is answered, the connection goes on.
          if (error instanceof GraphQLError) return [error];
          throw error;
        }
      },
    },
    sockets,
    KEEP_ALIVE_MS,
  );

  return {
    connections: () => sockets.clients.size,
    async stop() {
      await protocol.dispose();
    },
  };
}
