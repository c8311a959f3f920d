import { sql } from 'drizzle-orm';
import {
  bigint,
  date,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { LeaveReason, Opportunity } from '../../domain/opportunities/opportunity.ts';
import type { OpportunityChangeKind } from '../../domain/opportunities/opportunity-change.ts';
import type { Leg } from '../../domain/results/scan-result.ts';
import type { StrategyId } from '../../domain/strategies/strategy-id.ts';

/** One row per episode, as its newest change left it; sightings without a change are added now and then. */
export const opportunities = pgTable(
  'opportunities',
  {
    /** UUIDv7: sorts by entering. */
    id: uuid().primaryKey(),
    filterId: uuid().notNull(),
    filterRevision: integer().notNull(),
    symbol: text().notNull(),
    strategy: text().$type<StrategyId>().notNull(),
    expiration: date().notNull(),
    expiresAt: timestamp({ withTimezone: true, precision: 3 }).notNull(),
    legs: jsonb().$type<readonly Leg[]>().notNull(),
    legsKey: text().notNull(),
    firstSeenAt: timestamp({ withTimezone: true, precision: 3 }).notNull(),
    lastSeenAt: timestamp({ withTimezone: true, precision: 3 }).notNull(),
    /** Null while it is there. */
    leftAt: timestamp({ withTimezone: true, precision: 3 }),
    leaveReason: text().$type<LeaveReason>(),
    bestScore: doublePrecision().notNull(),
    lastScore: doublePrecision().notNull(),
    observations: integer().notNull(),
    latestResultId: uuid().notNull(),
  },
  (table) => [
    index('opportunities_filter').on(table.filterId, table.id),
    index('opportunities_symbol').on(table.symbol, table.id),
    /** The same filter and legs are there once, whatever several processes say. */
    uniqueIndex('opportunities_there').on(table.filterId, table.legsKey).where(sql`${table.leftAt} is null`),
    index('opportunities_active').on(table.id).where(sql`${table.leftAt} is null`),
  ],
);

/** The stream of changes of opportunities: (at, sequence) ascends in commit order. */
export const opportunityChanges = pgTable(
  'opportunity_changes',
  {
    sequence: bigint({ mode: 'number' }).notNull(),
    at: timestamp({ withTimezone: true, precision: 3 }).notNull(),
    id: uuid().notNull(),
    kind: text().$type<OpportunityChangeKind>().notNull(),
    filterId: uuid().notNull(),
    symbol: text().notNull(),
    strategy: text().$type<StrategyId>().notNull(),
    bestScore: doublePrecision().notNull(),
    /** The whole opportunity as the change left it. */
    opportunity: jsonb().$type<Opportunity>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.at, table.sequence] }),
    index('opportunity_changes_id').on(table.id),
    index('opportunity_changes_filter').on(table.filterId, table.at, table.sequence),
    index('opportunity_changes_symbol').on(table.symbol, table.at, table.sequence),
  ],
);
