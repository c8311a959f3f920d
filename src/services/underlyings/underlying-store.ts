import { asc, desc, gt, lt, sql } from 'drizzle-orm';
import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import { underlyings, underlyingVolatilityDays } from '../../db/tables/underlyings.ts';
import type { Underlying } from '../../domain/chain/underlying.ts';
import { VOLATILITY_HISTORY_DAYS } from '../../domain/volatility/volatility-rank.ts';
import { type Page, pageOf } from '../paging/page.ts';
import type { PageRequest } from '../paging/page-request.ts';

/** The last 30-day volatility seen on one market day. */
export interface VolatilityDay {
  readonly symbol: string;
  /** `YYYY-MM-DD`. */
  readonly day: string;
  readonly impliedVolatility30d: number;
}

export interface UnderlyingStore {
  /** Inserts or overwrites; one row per symbol, and one per symbol and day. */
  save(rows: readonly Underlying[], days: readonly VolatilityDay[]): Promise<void>;
  bySymbols(symbols: readonly string[]): Promise<Underlying[]>;
  /** In order of the symbol; the cursor is a symbol. */
  page(request: PageRequest): Promise<Page<Underlying>>;
  /** The newest 252 days of each symbol, oldest first. */
  volatilityHistory(): Promise<VolatilityDay[]>;
}

type UnderlyingRow = typeof underlyings.$inferSelect;

export function createUnderlyingStore({ orm }: { orm: PostgresJsDatabase }): UnderlyingStore {
  return {
    async save(rows, days) {
      if (rows.length === 0 && days.length === 0) return;
      await orm.transaction(async (transaction) => {
        if (rows.length > 0) {
          await transaction
            .insert(underlyings)
            .values(rows.map(toRow))
            .onConflictDoUpdate({
              target: underlyings.symbol,
              set: Object.fromEntries(UPDATED.map((column) => [column.property, sql.raw(`excluded.${column.name}`)])),
            });
        }
        if (days.length > 0) {
          await transaction
            .insert(underlyingVolatilityDays)
            .values([...days])
            .onConflictDoUpdate({
              target: [underlyingVolatilityDays.symbol, underlyingVolatilityDays.day],
              set: { impliedVolatility30d: sql.raw('excluded.implied_volatility_30d') },
            });
        }
      });
    },
    async bySymbols(symbols) {
      // One parameter however many symbols there are: a list of placeholders would be another prepared statement for each length.
      const rows = await orm
        .select()
        .from(underlyings)
        .where(sql`${underlyings.symbol} = any(${sql.param(symbols)}::text[])`);
      return rows.map(fromRow);
    },
    async page(request) {
      const forward = request.direction === 'forward';
      const rows = await orm
        .select()
        .from(underlyings)
        .where(request.cursor === null ? undefined : (forward ? gt : lt)(underlyings.symbol, request.cursor))
        .orderBy((forward ? asc : desc)(underlyings.symbol))
        .limit(request.limit + 1);
      return pageOf(rows.map(fromRow), request);
    },
    async volatilityHistory() {
      const ranked = orm
        .select({
          symbol: underlyingVolatilityDays.symbol,
          day: underlyingVolatilityDays.day,
          impliedVolatility30d: underlyingVolatilityDays.impliedVolatility30d,
          age: sql<number>`row_number() over (partition by ${underlyingVolatilityDays.symbol} order by ${underlyingVolatilityDays.day} desc)`.as(
            'age',
          ),
        })
        .from(underlyingVolatilityDays)
        .as('ranked');
      return orm
        .select({ symbol: ranked.symbol, day: ranked.day, impliedVolatility30d: ranked.impliedVolatility30d })
        .from(ranked)
        .where(sql`${ranked.age} <= ${VOLATILITY_HISTORY_DAYS}`)
        .orderBy(asc(ranked.symbol), asc(ranked.day));
    },
  };
}

/** Everything but the key. */
const UPDATED: readonly { property: string; name: string }[] = [
  { property: 'kind', name: 'kind' },
  { property: 'exerciseStyle', name: 'exercise_style' },
  { property: 'symbology', name: 'symbology' },
  { property: 'contractMultiplier', name: 'contract_multiplier' },
  { property: 'currency', name: 'currency' },
  { property: 'price', name: 'price' },
  { property: 'impliedVolatility30d', name: 'implied_volatility_30d' },
  { property: 'contracts', name: 'contracts' },
  { property: 'expirations', name: 'expirations' },
  { property: 'quotedAt', name: 'quoted_at' },
  { property: 'scannedAt', name: 'scanned_at' },
];

function toRow(underlying: Underlying): UnderlyingRow {
  const { quotedAtMs, scannedAtMs, ...same } = underlying;
  return { ...same, quotedAt: new Date(quotedAtMs), scannedAt: new Date(scannedAtMs) };
}

function fromRow(row: UnderlyingRow): Underlying {
  const { quotedAt, scannedAt, ...same } = row;
  return { ...same, quotedAtMs: quotedAt.getTime(), scannedAtMs: scannedAt.getTime() };
}
