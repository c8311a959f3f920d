import type { Sql, Transaction } from '../../db/client.ts';
import type { RetentionTier } from '../../domain/history/retention-days.ts';

/** Short transactions: what is written meanwhile waits for none of them. */
const AT_ONCE = 2_000;

/** A table that is in no chunks, whose old rows go one by one. */
export interface RetainedRows {
  readonly table: string;
  readonly tier: RetentionTier;
  /** When its oldest row is from, epoch milliseconds; null: it has none. */
  oldestMs(sql: Sql): Promise<number | null>;
  /** How many rows are older than a moment. */
  count(sql: Sql, cutoffMs: number): Promise<number>;
  /** Removes some that are older than a moment. @returns how many: to be called again until it is none */
  remove(transaction: Transaction, cutoffMs: number): Promise<number>;
}

/** UUIDv7 of a moment sort after this text: alerts whose id is older were made before. */
const idAt = (ms: number) => {
  const digits = Math.max(0, Math.floor(ms)).toString(16).padStart(12, '0');
  return `${digits.slice(0, 8)}-${digits.slice(8)}-0000-0000-000000000000`;
};

/** Days are kept like the chunks of the other tiers: also those of the past that were written within the retention. */
const rollupDays: RetainedRows = {
  table: 'rollup_days',
  tier: 'DAY',
  async oldestMs(sql) {
    const [row] = await sql<{ ms: number | null }[]>`select min(bucket) as ms from rollup_days`;
    return row!.ms;
  },
  async count(sql, cutoffMs) {
    const cutoff = sql.typed.timestamptz(cutoffMs);
    const [row] = await sql<
      { count: number }[]
    >`select count(*) as count from rollup_days where bucket < ${cutoff} and updated_at < ${cutoff}`;
    return row!.count;
  },
  async remove(transaction, cutoffMs) {
    const cutoff = transaction.typed.timestamptz(cutoffMs);
    const { count } = await transaction`
      delete from rollup_days where ctid = any(array(
        select ctid from rollup_days where bucket < ${cutoff} and updated_at < ${cutoff} limit ${AT_ONCE} for update skip locked))`;
    return count;
  },
};

const opportunityChanges: RetainedRows = {
  table: 'opportunity_changes',
  tier: 'RAW',
  async oldestMs(sql) {
    const [row] = await sql<{ ms: number | null }[]>`select min(at) as ms from opportunity_changes`;
    return row!.ms;
  },
  async count(sql, cutoffMs) {
    const [row] = await sql<
      { count: number }[]
    >`select count(*) as count from opportunity_changes where at < ${sql.typed.timestamptz(cutoffMs)}`;
    return row!.count;
  },
  async remove(transaction, cutoffMs) {
    const { count } = await transaction`
      delete from opportunity_changes where (at, sequence) in (
        select at, sequence from opportunity_changes where at < ${transaction.typed.timestamptz(cutoffMs)} order by at, sequence limit ${AT_ONCE})`;
    return count;
  },
};

/** Resolved ones, with all that happened to them. Those that are open stay, however old they are. */
const alerts: RetainedRows = {
  table: 'alerts',
  tier: 'RAW',
  async oldestMs(sql) {
    const [row] = await sql<{ ms: number }[]>`select fired_at as ms from alerts order by id limit 1`;
    return row?.ms ?? null;
  },
  async count(sql, cutoffMs) {
    const [row] = await sql<{ count: number }[]>`
      select count(*) as count from alerts
      where id < ${idAt(cutoffMs)}::uuid and status = 'RESOLVED' and resolved_at < ${sql.typed.timestamptz(cutoffMs)}`;
    return row!.count;
  },
  async remove(transaction, cutoffMs) {
    const removed = await transaction<{ id: string }[]>`
      delete from alerts where id in (
        select id from alerts where id < ${idAt(cutoffMs)}::uuid and status = 'RESOLVED' and resolved_at < ${transaction.typed.timestamptz(cutoffMs)}
        order by id limit ${AT_ONCE} for update skip locked) returning id`;
    await transaction`delete from alert_changes where alert_id = any(${removed.map(({ id }) => id)}::uuid[])`;
    return removed.length;
  },
};

export const RETAINED_ROWS: readonly RetainedRows[] = [rollupDays, opportunityChanges, alerts];
