import type { Transaction } from '../../db/client.ts';
import { copyInto, copyJson, copyTimestamp } from '../../db/copy-text.ts';
import type { Alert } from '../../domain/alerts/alert.ts';
import type { AlertChange, AlertChangeDraft } from '../../domain/alerts/alert-change.ts';
import type { StreamDefinition } from '../stream-log/stream-definition.ts';

export const ALERT_CHANGE_STREAM = 'alert-changes';

/** The durable stream of changes of alerts. The alerts themselves are written with their changes, in the same transaction. */
export const alertChangeStream: StreamDefinition<AlertChangeDraft, AlertChange> = {
  name: ALERT_CHANGE_STREAM,
  toRow: (draft, sequence, atMs) => ({ ...draft, sequence, atMs }),
  position: ({ atMs, sequence }) => ({ atMs, sequence }),
  async insert(transaction, rows, drafts) {
    const lines: string[] = [];
    const newest = new Map<string, Alert>();
    for (const [index, { sequence, atMs, id, kind, alert }] of rows.entries()) {
      lines.push(`${sequence}\t${copyTimestamp(atMs)}\t${id}\t${kind}\t${alert.id}\t${alert.ruleId}\t${copyJson(drafts[index])}\n`);
      newest.set(alert.id, alert);
    }
    await saveAlerts(transaction, [...newest.values()]);
    await copyInto(transaction, 'alert_changes', 'sequence, at, id, kind, alert_id, rule_id, change', lines);
  },
  async select(sql, { atMs, sequence }, limit) {
    const at = sql.typed.timestamptz(atMs);
    const rows = await sql<StoredAlertChange[]>`
      select sequence, at as "atMs", change from alert_changes
      where at >= ${at} and (at, sequence) > (${at}, ${sequence}) order by at, sequence limit ${limit}`;
    return rows.map(alertChangeOf);
  },
};

export interface StoredAlertChange {
  readonly sequence: number;
  readonly atMs: number;
  readonly change: AlertChangeDraft;
}

export function alertChangeOf({ sequence, atMs, change }: StoredAlertChange): AlertChange {
  return { ...change, sequence, atMs };
}

/** Inserts or overwrites, in one statement whatever their number. */
async function saveAlerts(transaction: Transaction, alerts: readonly Alert[]): Promise<void> {
  const rows = alerts.map((alert) => ({ ...alert, alert }));
  await transaction.unsafe(
    `insert into alerts (id, rule_id, series_key, status, severity, is_test, fired_at, snoozed_until, resolved_at, alert)
     select id, "ruleId", "seriesKey", status, severity, "isTest", to_timestamp("firedAtMs" / 1000), to_timestamp("snoozedUntilMs" / 1000),
       to_timestamp("resolvedAtMs" / 1000), alert
     from jsonb_to_recordset($1::text::jsonb) as given (id uuid, "ruleId" uuid, "seriesKey" text, status text, severity text, "isTest" boolean,
       "firedAtMs" float8, "snoozedUntilMs" float8, "resolvedAtMs" float8, alert jsonb)
     order by "resolvedAtMs" is null -- What is over makes room for what begins in the same series.
     on conflict (id) do update set status = excluded.status, severity = excluded.severity, snoozed_until = excluded.snoozed_until,
       resolved_at = excluded.resolved_at, alert = excluded.alert`,
    [JSON.stringify(rows)],
  );
}
