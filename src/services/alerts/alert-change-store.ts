import type { Sql } from '../../db/client.ts';
import type { AlertStatus } from '../../domain/alerts/alert.ts';
import type { AlertChange } from '../../domain/alerts/alert-change.ts';
import type { Severity } from '../../domain/alerts/alert-rule.ts';
import { encodePosition } from '../stream-log/cursor.ts';
import type { StreamHistory } from '../stream-log/stream-history.ts';
import type { StreamPosition } from '../stream-log/stream-position.ts';
import { ALERT_CHANGE_STREAM, alertChangeOf, type StoredAlertChange } from './alert-change-stream.ts';

/** Which changes of alerts are wanted; left out: any. */
export interface AlertChangeQuery {
  readonly ruleIds?: readonly string[];
  readonly severities?: readonly Severity[];
  readonly statuses?: readonly AlertStatus[];
  /** Rules whose alerts the caller may not see. */
  readonly hiddenRuleIds?: readonly string[];
}

/** The changes made so far. */
export type AlertChangeStore = StreamHistory<AlertChange, AlertChangeQuery>;

export function createAlertChangeStore({ sql }: { sql: Sql }): AlertChangeStore {
  function where({ ruleIds, severities, statuses, hiddenRuleIds = [] }: AlertChangeQuery) {
    const conditions = [
      ruleIds && sql`rule_id = any(${[...ruleIds]}::uuid[])`,
      hiddenRuleIds.length > 0 && sql`rule_id <> all(${[...hiddenRuleIds]}::uuid[])`,
      severities && sql`change->'alert'->>'severity' = any(${[...severities]}::text[])`,
      statuses && sql`change->'alert'->>'status' = any(${[...statuses]}::text[])`,
    ].filter((condition) => condition !== undefined && condition !== false);
    return conditions.reduce((all, condition) => sql`${all} and ${condition}`, sql`true`);
  }
  // The bare comparison of the time besides the pair is what partitions are chosen by.
  const behind = ({ atMs, sequence }: StreamPosition) => {
    const at = sql.typed.timestamptz(atMs);
    return sql`at >= ${at} and (at, sequence) > (${at}, ${sequence})`;
  };
  const upTo = ({ atMs, sequence }: StreamPosition) => {
    const at = sql.typed.timestamptz(atMs);
    return sql`at <= ${at} and (at, sequence) <= (${at}, ${sequence})`;
  };

  return {
    async between(query, after, until, limit) {
      const rows = await sql<StoredAlertChange[]>`
        select sequence, at as "atMs", change from alert_changes where ${behind(after)} and ${upTo(until)} and ${where(query)}
        order by at, sequence limit ${limit}`;
      return rows.map(alertChangeOf);
    },
    async newest(query, until, limit) {
      const rows = await sql<StoredAlertChange[]>`
        select sequence, at as "atMs", change from alert_changes where ${upTo(until)} and ${where(query)}
        order by at desc, sequence desc limit ${limit}`;
      return rows.map(alertChangeOf).toReversed();
    },
    async count(query, after, until, limit) {
      const [row] = await sql<{ count: number }[]>`
        select count(*) as count from (
          select 1 from alert_changes where ${behind(after)} and ${upTo(until)} and ${where(query)} limit ${limit}) as counted`;
      return row!.count;
    },
  };
}

export function alertChangeCursor({ atMs, sequence }: AlertChange): string {
  return encodePosition(ALERT_CHANGE_STREAM, { atMs, sequence });
}
