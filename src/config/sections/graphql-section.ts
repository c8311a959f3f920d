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
    description: 'Most rows held for one slow subscriber, on WebSocket and on server-sent events alike.',
    unit: 'rows',
    default: 1000,
  }),
  subscriptionBufferBytes: setting(wholeNumber(1_024, 1_073_741_824), {
    environment: 'GRAPHQL_SUBSCRIPTION_BUFFER_BYTES',
    description: 'Most bytes of ready messages held for one slow subscriber.',
    unit: 'bytes',
    default: 4_194_304,
  }),
  replayLimit: setting(wholeNumber(1, 1_000_000), {
    environment: 'GRAPHQL_REPLAY_LIMIT',
    description: 'Most missed rows a resumed subscription is sent; who missed more is told how many, and from where to query them.',
    unit: 'rows',
    default: 10_000,
  }),
  keepAliveMs: setting(wholeNumber(1_000, 600_000), {
    environment: 'GRAPHQL_KEEP_ALIVE_MS',
    description: 'How often an open WebSocket is pinged; one that has not answered by the next ping is cut.',
    unit: 'milliseconds',
    default: 45_000,
  }),
});
