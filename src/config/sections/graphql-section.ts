import { z } from 'zod';
import { setting } from '../setting.ts';
import { switchValue } from '../values/switch-value.ts';
import { wholeNumber } from '../values/whole-number.ts';

export const graphqlSection = z.strictObject({
  graphiql: setting(switchValue, {
    environment: 'GRAPHIQL',
    description: 'Serve GraphiQL to browsers.',
    default: true,
  }),
  introspection: setting(switchValue, {
    environment: 'GRAPHQL_INTROSPECTION',
    description: 'Answer introspection queries. GraphiQL and code generators need them.',
    default: true,
  }),
  maximumPageSize: setting(wholeNumber(1, 10_000), {
    environment: 'GRAPHQL_MAXIMUM_PAGE_SIZE',
    description: 'Most items one page of a connection may ask for.',
    unit: 'items',
    default: 500,
  }),
  subscriptionBufferEvents: setting(wholeNumber(1, 1_000_000), {
    environment: 'GRAPHQL_SUBSCRIPTION_BUFFER_EVENTS',
    description: 'Most events held for one slow subscriber, on WebSocket and on server-sent events alike.',
    unit: 'events',
    default: 1000,
  }),
});
