import { date, doublePrecision, integer, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';
import type { ExerciseStyle, Symbology, UnderlyingKind } from '../../domain/chain/underlying-profile.ts';

export const underlyings = pgTable('underlyings', {
  symbol: text().primaryKey(),
  kind: text().$type<UnderlyingKind>().notNull(),
  exerciseStyle: text().$type<ExerciseStyle>().notNull(),
  symbology: text().$type<Symbology>().notNull(),
  contractMultiplier: doublePrecision().notNull(),
  currency: text().notNull(),
  price: doublePrecision(),
  /** 30-day constant-maturity at-the-money implied volatility, decimal. */
  impliedVolatility30d: doublePrecision('implied_volatility_30d'),
  contracts: integer().notNull(),
  expirations: integer().notNull(),
  quotedAt: timestamp({ withTimezone: true, precision: 3 }).notNull(),
  scannedAt: timestamp({ withTimezone: true, precision: 3 }).notNull(),
});

/** The last 30-day at-the-money volatility seen on each market day: what IV rank and IV percentile are taken over. */
export const underlyingVolatilityDays = pgTable(
  'underlying_volatility_days',
  {
    symbol: text().notNull(),
    day: date().notNull(),
    impliedVolatility30d: doublePrecision('implied_volatility_30d').notNull(),
  },
  (table) => [primaryKey({ columns: [table.symbol, table.day] })],
);
