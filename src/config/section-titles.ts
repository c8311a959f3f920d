import type { Config } from './config.ts';

/** Headings of the sections for people. */
export const SECTION_TITLES: Readonly<Record<keyof Config, string>> = {
  server: 'Server',
  auth: 'Authentication',
  database: 'Database',
  redis: 'Redis',
  feed: 'Market data',
  scanner: 'Scanner',
  filters: 'Filters',
  notifications: 'Notifications',
  rollups: 'Rollups',
  retention: 'Retention',
  graphql: 'GraphQL',
  limits: 'Limits',
  log: 'Logs',
};
