import type { AlertSettingChange, AlertSettingChangeDraft } from '../../domain/alerts/alert-setting.ts';
import type { StreamDefinition } from '../stream-log/stream-definition.ts';

/** The durable stream of changes of rules, escalation policies, silences and inhibition rules. */
export const alertSettingStream: StreamDefinition<AlertSettingChangeDraft, AlertSettingChange> = {
  name: 'alert-settings',
  toRow: (draft, sequence, atMs) => ({ ...draft, sequence, atMs }),
  position: ({ atMs, sequence }) => ({ atMs, sequence }),
  async insert(transaction, rows) {
    // People make them, one at a time.
    for (const { sequence, atMs, change, setting, actor, reason } of rows) {
      await transaction`
        insert into alert_setting_changes (sequence, at, change, setting_id, revision, setting, actor, reason)
        values (${sequence}, ${transaction.typed.timestamptz(atMs)}, ${change}, ${setting.id}, ${setting.revision}, ${transaction.json(setting as never)},
          ${actor}, ${reason})`;
    }
  },
  async select(sql, { atMs, sequence }, limit) {
    const at = sql.typed.timestamptz(atMs);
    return sql<AlertSettingChange[]>`
      select sequence, at as "atMs", change, setting, actor, reason from alert_setting_changes
      where at >= ${at} and (at, sequence) > (${at}, ${sequence}) order by at, sequence limit ${limit}`;
  },
};
