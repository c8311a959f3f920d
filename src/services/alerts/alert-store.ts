import type { Sql, Transaction } from '../../db/client.ts';
import type { Alert, AlertStatus } from '../../domain/alerts/alert.ts';
import type { AlertChange } from '../../domain/alerts/alert-change.ts';
import type { Severity } from '../../domain/alerts/alert-rule.ts';
import { type Page, pageOf } from '../paging/page.ts';
import type { PageRequest } from '../paging/page-request.ts';
import { alertChangeOf, type StoredAlertChange } from './alert-change-stream.ts';

/** Which alerts are wanted; null: any. */
export interface AlertQuery {
  readonly statuses: readonly AlertStatus[] | null;
  readonly severities: readonly Severity[] | null;
  readonly ruleIds: readonly string[] | null;
  /** Rules whose alerts the caller may not see. */
  readonly hiddenRuleIds: readonly string[];
}

export const EVERY_ALERT: AlertQuery = { statuses: null, severities: null, ruleIds: null, hiddenRuleIds: [] };

/** One series of one rule. */
export interface AlertSeriesKey {
  readonly ruleId: string;
  readonly seriesKey: string;
}

/** Alerts as they are now. They are written with their changes (see alert-change-stream.ts). */
export interface AlertStore {
  byIds(ids: readonly string[]): Promise<Alert[]>;
  /** Newest first; the cursor is the id of an alert. */
  page(request: PageRequest, query: AlertQuery): Promise<Page<Alert>>;
  /** All that are not over, in the order they fired. */
  open(): Promise<Alert[]>;
  /** What happened to one alert, in order. */
  history(alertId: string): Promise<AlertChange[]>;
  /** The newest alert of each series, locked until the transaction ends; series without any are left out. */
  newestOf(transaction: Transaction, series: readonly AlertSeriesKey[]): Promise<Alert[]>;
  /** Locked until the transaction ends. */
  lock(transaction: Transaction, ids: readonly string[]): Promise<Alert[]>;
}

export function createAlertStore({ sql }: { sql: Sql }): AlertStore {
  const alertsOf = (rows: readonly { alert: Alert }[]) => rows.map(({ alert }) => alert);

  return {
    async byIds(ids) {
      return alertsOf(await sql<{ alert: Alert }[]>`select alert from alerts where id = any(${[...ids]}::uuid[])`);
    },
    async page(request, { statuses, severities, ruleIds, hiddenRuleIds }) {
      // The list begins with the newest, so forward means down.
      const isForward = request.direction === 'forward';
      const conditions = [
        statuses && sql`status = any(${[...statuses]}::text[])`,
        severities && sql`severity = any(${[...severities]}::text[])`,
        ruleIds && sql`rule_id = any(${[...ruleIds]}::uuid[])`,
        hiddenRuleIds.length > 0 && sql`rule_id <> all(${[...hiddenRuleIds]}::uuid[])`,
        request.cursor !== null && (isForward ? sql`id < ${request.cursor}::uuid` : sql`id > ${request.cursor}::uuid`),
      ].filter((condition) => condition !== null && condition !== false);
      const where = conditions.reduce((all, condition) => sql`${all} and ${condition}`, sql`true`);
      const rows = await sql<{ alert: Alert }[]>`
        select alert from alerts where ${where} order by id ${isForward ? sql`desc` : sql`asc`} limit ${request.limit + 1}`;
      return pageOf(alertsOf(rows), request);
    },
    async open() {
      return alertsOf(await sql<{ alert: Alert }[]>`select alert from alerts where status <> 'RESOLVED' order by id`);
    },
    async history(alertId) {
      const rows = await sql<StoredAlertChange[]>`
        select sequence, at as "atMs", change from alert_changes where alert_id = ${alertId} order by sequence`;
      return rows.map(alertChangeOf);
    },
    async newestOf(transaction, series) {
      if (series.length === 0) return [];
      return alertsOf(
        await transaction<{ alert: Alert }[]>`
          select newest.alert from unnest(${series.map(({ ruleId }) => ruleId)}::uuid[], ${series.map(({ seriesKey }) => seriesKey)}::text[])
            as wanted (rule_id, series_key)
          cross join lateral (
            select alert from alerts where alerts.rule_id = wanted.rule_id and alerts.series_key = wanted.series_key and not is_test
            order by id desc limit 1 for update) as newest`,
      );
    },
    async lock(transaction, ids) {
      return alertsOf(
        await transaction<{ alert: Alert }[]>`select alert from alerts where id = any(${[...ids]}::uuid[]) order by id for update`,
      );
    },
  };
}
