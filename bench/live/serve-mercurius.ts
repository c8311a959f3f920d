/* mercurius on fastify, with its own pubsub. */
import fastify from 'fastify';
import mercurius from 'mercurius';
import { type LiveBatch, toBatch, typeDefs, typeResolvers } from './live-schema.ts';
import { serveLive } from './serve-live.ts';

const app = fastify();
let subscribers = 0;
app.register(mercurius as never, {
  schema: typeDefs,
  jit: 1,
  subscription: true,
  resolvers: {
    ...typeResolvers,
    Subscription: {
      scanResults: {
        subscribe: (_root: unknown, _arguments: unknown, { pubsub }: { pubsub: { subscribe(topic: string): unknown } }) => {
          subscribers++;
          return pubsub.subscribe('scanResults');
        },
        resolve: (batch: LiveBatch) => batch,
      },
    },
  },
});
await app.listen({ port: 0, host: '127.0.0.1' });
const { pubsub } = (app as unknown as { graphql: { pubsub: { publish(event: { topic: string; payload: unknown }): void } } }).graphql;
serveLive({
  port: (app.server.address() as { port: number }).port,
  subscribers: () => subscribers,
  publish: (rows) => pubsub.publish({ topic: 'scanResults', payload: toBatch(rows) }),
});
