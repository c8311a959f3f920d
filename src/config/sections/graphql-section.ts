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
  recentResults: setting(wholeNumber(0, 1_000_000), {
    environment: 'RECENT_RESULTS',
    description:
      'Newest results that each process holds, about 2 KB each, to answer pages of the newest without reading them from the database; 0: none.',
    unit: 'results',
    default: 5_000,
  }),
  maximumTokens: setting(wholeNumber(100, 1_000_000), {
    environment: 'GRAPHQL_MAXIMUM_TOKENS',
    description: 'Longest document that is parsed.',
    unit: 'tokens',
    default: 4000,
  }),
  maximumDepth: setting(wholeNumber(1, 1_000), {
    environment: 'GRAPHQL_MAXIMUM_DEPTH',
    description: 'Most levels of fields within each other. Introspection by GraphiQL needs 16.',
    unit: 'levels',
    default: 20,
  }),
  maximumAliases: setting(wholeNumber(0, 10_000), {
    environment: 'GRAPHQL_MAXIMUM_ALIASES',
    description: 'Most aliases in an operation, those of fragments counted wherever they are spread.',
    unit: 'aliases',
    default: 100,
  }),
  maximumDirectives: setting(wholeNumber(0, 10_000), {
    environment: 'GRAPHQL_MAXIMUM_DIRECTIVES',
    description: 'Most directives in an operation.',
    unit: 'directives',
    default: 100,
  }),
  maximumRootFields: setting(wholeNumber(1, 1_000), {
    environment: 'GRAPHQL_MAXIMUM_ROOT_FIELDS',
    description: 'Most root fields in an operation.',
    unit: 'fields',
    default: 20,
  }),
  maximumCost: setting(wholeNumber(1, 1_000_000_000), {
    environment: 'GRAPHQL_MAXIMUM_COST',
    description:
      'Greatest cost of an operation: one for each field that leads to an object, times the rows asked for, and the work of some fields (docs/limits.md).',
    unit: 'points',
    default: 50_000,
  }),
});
