import { asc } from 'drizzle-orm';
import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import { DataOriginError } from './data-origin-error.ts';
import { dataOrigins } from './tables/data-origins.ts';

export interface DataOriginClaim {
  /** Where the data that this process writes comes from. */
  readonly origin: string;
  /** Whether it may join data of another origin. */
  readonly allowChange: boolean;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/**
 * Notes where the data of this database comes from; it stays noted. Of processes that start at the same moment on an empty database, the first decides.
 * @returns every origin the database now holds, the oldest first
 * @throws DataOriginError when it holds data of another origin only and a change is not allowed
 */
export async function claimDataOrigin(
  orm: PostgresJsDatabase,
  { origin, allowChange, nowMs }: DataOriginClaim,
): Promise<readonly string[]> {
  return orm.transaction(async (transaction) => {
    await transaction.execute('lock table data_origins in share row exclusive mode');
    const rows = await transaction.select().from(dataOrigins).orderBy(asc(dataOrigins.firstUsedAt), asc(dataOrigins.origin));
    const known = rows.map((row) => row.origin);
    if (known.includes(origin)) return known;
    if (known.length > 0 && !allowChange) throw new DataOriginError(known, origin);
    await transaction.insert(dataOrigins).values({ origin, firstUsedAt: new Date(nowMs) });
    return [...known, origin];
  });
}
