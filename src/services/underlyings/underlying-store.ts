import { asc, desc, gt, lt, type SQL, sql } from 'drizzle-orm';
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
        if (rows.length > 0) await transaction.execute(underlyingsSaved(rows));
        if (days.length > 0) await transaction.execute(daysSaved(days));
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

/*
 * One parameter however many rows there are: to put a statement together that has one for each value takes Drizzle about 20 ms for 300 rows, in one go, and it would be another
 * prepared statement for each number of them.
 */

function underlyingsSaved(rows: readonly Underlying[]): SQL {
  return sql`
    insert into underlyings (symbol, kind, exercise_style, symbology, contract_multiplier, currency, price, implied_volatility_30d, contracts, expirations, quoted_at,
      scanned_at)
    select symbol, kind, "exerciseStyle", symbology, "contractMultiplier", currency, price, "impliedVolatility30d", contracts, expirations,
      to_timestamp("quotedAtMs" / 1000), to_timestamp("scannedAtMs" / 1000)
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as given (symbol text, kind text, "exerciseStyle" text, symbology text,
      "contractMultiplier" float8, currency text, price float8, "impliedVolatility30d" float8, contracts int, expirations int, "quotedAtMs" float8, "scannedAtMs" float8)
    on conflict (symbol) do update set kind = excluded.kind, exercise_style = excluded.exercise_style, symbology = excluded.symbology,
      contract_multiplier = excluded.contract_multiplier, currency = excluded.currency, price = excluded.price,
      implied_volatility_30d = excluded.implied_volatility_30d, contracts = excluded.contracts, expirations = excluded.expirations,
      quoted_at = excluded.quoted_at, scanned_at = excluded.scanned_at`;
}

function daysSaved(days: readonly VolatilityDay[]): SQL {
  return sql`
    insert into underlying_volatility_days (symbol, day, implied_volatility_30d)
    select symbol, day, "impliedVolatility30d"
    from jsonb_to_recordset(${JSON.stringify(days)}::text::jsonb) as given (symbol text, day date, "impliedVolatility30d" float8)
    on conflict (symbol, day) do update set implied_volatility_30d = excluded.implied_volatility_30d`;
}

function fromRow(row: UnderlyingRow): Underlying {
  const { quotedAt, scannedAt, ...same } = row;
  return { ...same, quotedAtMs: quotedAt.getTime(), scannedAtMs: scannedAt.getTime() };
}
