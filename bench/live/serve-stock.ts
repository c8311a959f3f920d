/* graphql-yoga and graphql-ws as their documentation puts them together, with the pubsub that comes with yoga. A filter is applied for each subscriber, with yoga's operators. */
import { createServer } from 'node:http';
import { useServer } from 'graphql-ws/use/ws';
import { createPubSub, createSchema, createYoga, filter, map, pipe } from 'graphql-yoga';
import { WebSocketServer } from 'ws';
import type { LiveFilter } from './live-operation.ts';
import { filterBatch, type LiveBatch, toBatch, typeDefs, typeResolvers } from './live-schema.ts';
import { serveLive } from './serve-live.ts';

const pubsub = createPubSub<{ scanResults: [LiveBatch] }>();
let subscribers = 0;

const schema = createSchema({
  typeDefs,
  resolvers: {
    ...typeResolvers,
    Subscription: {
      scanResults: {
        subscribe: (_root: unknown, { filter: wanted }: { filter?: LiveFilter }) => {
          subscribers++;
          const batches = pubsub.subscribe('scanResults');
          if (!wanted) return batches;
          return pipe(
            batches,
            map((batch) => filterBatch(batch, wanted)),
            filter((batch): batch is LiveBatch => batch !== null),
          );
        },
        resolve: (batch: LiveBatch) => batch,
      },
    },
  },
});

const yoga = createYoga({ logging: false, schema });
const server = createServer(yoga as never);
const sockets = new WebSocketServer({ server, path: yoga.graphqlEndpoint });
// From the documentation of graphql-yoga, "Subscriptions over WebSocket".
useServer(
  {
    execute: (args) => (args.rootValue as { execute: (args: unknown) => never }).execute(args),
    subscribe: (args) => (args.rootValue as { subscribe: (args: unknown) => never }).subscribe(args),
    onSubscribe: async (context, _id, params) => {
      const extra = context.extra as { request: unknown; socket: unknown };
      const enveloped = yoga.getEnveloped({ ...context, req: extra.request, socket: extra.socket, params } as never);
      const args = {
        schema: enveloped.schema,
        operationName: params.operationName,
        document: enveloped.parse(params.query),
        variableValues: params.variables,
        contextValue: await enveloped.contextFactory(),
        rootValue: { execute: enveloped.execute, subscribe: enveloped.subscribe },
      };
      const errors = enveloped.validate(args.schema, args.document);
      return errors.length > 0 ? (errors as never) : (args as never);
    },
  },
  sockets,
);
server.listen(0, '127.0.0.1', () =>
  serveLive({
    port: (server.address() as { port: number }).port,
    subscribers: () => subscribers,
    publish: (rows) => pubsub.publish('scanResults', toBatch(rows)),
  }),
);
