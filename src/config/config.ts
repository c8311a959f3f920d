import { z } from 'zod';
import type { DeepReadonly } from './deep-readonly.ts';
import { authSection } from './sections/auth-section.ts';
import { databaseSection } from './sections/database-section.ts';
import { feedSection } from './sections/feed-section.ts';
import { filtersSection } from './sections/filters-section.ts';
import { graphqlSection } from './sections/graphql-section.ts';
import { limitsSection } from './sections/limits-section.ts';
import { logSection } from './sections/log-section.ts';
import { notificationsSection } from './sections/notifications-section.ts';
import { redisSection } from './sections/redis-section.ts';
import { retentionSection } from './sections/retention-section.ts';
import { rollupsSection } from './sections/rollups-section.ts';
import { scannerSection } from './sections/scanner-section.ts';
import { serverSection } from './sections/server-section.ts';

/** The whole configuration, one model per subsystem. The keys are the sections of the YAML file, in the order people read them. */
export const configModel = z.strictObject({
  server: serverSection,
  auth: authSection,
  database: databaseSection,
  redis: redisSection,
  feed: feedSection,
  scanner: scannerSection,
  filters: filtersSection,
  notifications: notificationsSection,
  rollups: rollupsSection,
  retention: retentionSection,
  graphql: graphqlSection,
  limits: limitsSection,
  log: logSection,
});

/** What the program runs with: parsed once, never changed, paths absolute. */
export type Config = DeepReadonly<z.output<typeof configModel>>;
