import type { Sql, Transaction } from '../../db/client.ts';
import { isUniqueViolation } from '../../db/is-unique-violation.ts';
import type {
  AlertSettingChange,
  AlertSettingChangeDraft,
  AlertSettingKind,
  StoredAlertSetting,
} from '../../domain/alerts/alert-setting.ts';
import { ConflictError } from '../../domain/errors/conflict-error.ts';
import { type Page, pageOf } from '../paging/page.ts';
import type { PageRequest } from '../paging/page-request.ts';
import type { StreamLog } from '../stream-log/stream-log.ts';
import { alertSettingStream } from './alert-setting-stream.ts';

/** What a caller may see of the settings. Null: all. */
export type SettingScope = { readonly subject: string } | null;

/** Alert rules, escalation policies, silences and inhibition rules. What is written is stored together with its change in the stream of changes. */
export interface AlertSettingStore {
  /** Deleted ones too. */
  byIds(ids: readonly string[]): Promise<StoredAlertSetting[]>;
  byIdempotencyKey(key: string): Promise<StoredAlertSetting | null>;
  /** All that are in use, of every kind, and the deleted policies that alerts still follow. */
  all(): Promise<StoredAlertSetting[]>;
  /** Deleted ones too. */
  privateRules(): Promise<StoredAlertSetting[]>;
  /** In order of creation; the cursor is an id. */
  page(request: PageRequest, kind: AlertSettingKind, scope: SettingScope): Promise<Page<StoredAlertSetting>>;
  /** Every revision of one setting, the first first. */
  history(id: string): Promise<AlertSettingChange[]>;
  /** @throws ConflictError when the name is taken */
  insert(transaction: Transaction, draft: AlertSettingChangeDraft, idempotencyKey: string | null): Promise<AlertSettingChange>;
  /** Stores the next revision if the one before it is still in force; null when it is not. @throws ConflictError when the name is taken */
  replace(transaction: Transaction, draft: AlertSettingChangeDraft): Promise<AlertSettingChange | null>;
}

const COLUMNS = `id, kind, name, owner, is_private as "isPrivate", revision, value, deleted_at as "deletedAtMs"`;

export interface AlertSettingStoreDeps {
  readonly sql: Sql;
  readonly streamLog: Pick<StreamLog, 'append'>;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

export function createAlertSettingStore({ sql, streamLog, clock }: AlertSettingStoreDeps): AlertSettingStore {
  const columns = sql.unsafe(COLUMNS);

  async function append(transaction: Transaction, draft: AlertSettingChangeDraft): Promise<AlertSettingChange> {
    const [change] = await streamLog.append(transaction, alertSettingStream, [draft], clock());
    return change!;
  }

  return {
    async byIds(ids) {
      return sql<StoredAlertSetting[]>`select ${columns} from alert_settings where id = any(${[...ids]}::uuid[])`;
    },
    async byIdempotencyKey(key) {
      const [setting] = await sql<StoredAlertSetting[]>`select ${columns} from alert_settings where idempotency_key = ${key}`;
      return setting ?? null;
    },
    async all() {
      return sql<StoredAlertSetting[]>`
        select ${columns} from alert_settings
        where deleted_at is null or (kind = 'ESCALATION_POLICY'
          and id in (select (alert->>'escalationPolicyId')::uuid from alerts where status <> 'RESOLVED'))
        order by id`;
    },
    async privateRules() {
      return sql<StoredAlertSetting[]>`select ${columns} from alert_settings where kind = 'RULE' and is_private`;
    },
    async page(request, kind, scope) {
      const isForward = request.direction === 'forward';
      const visible = scope === null ? sql`true` : sql`(not is_private or owner = ${scope.subject})`;
      const behind =
        request.cursor === null ? sql`true` : isForward ? sql`id > ${request.cursor}::uuid` : sql`id < ${request.cursor}::uuid`;
      const rows = await sql<StoredAlertSetting[]>`
        select ${columns} from alert_settings where kind = ${kind} and deleted_at is null and ${visible} and ${behind}
        order by id ${isForward ? sql`asc` : sql`desc`} limit ${request.limit + 1}`;
      return pageOf(rows, request);
    },
    async history(id) {
      return sql<AlertSettingChange[]>`
        select sequence, at as "atMs", change, setting, actor, reason from alert_setting_changes where setting_id = ${id} order by revision`;
    },
    async insert(transaction, draft, idempotencyKey) {
      const { id, kind, name, owner, isPrivate, revision, value } = draft.setting;
      await refusingTakenNames(
        name,
        () => transaction`
          insert into alert_settings (id, kind, name, owner, is_private, revision, value, updated_at, idempotency_key)
          values (${id}, ${kind}, ${name}, ${owner}, ${isPrivate}, ${revision}, ${transaction.json(value as never)}, now(), ${idempotencyKey})`,
      );
      return append(transaction, draft);
    },
    async replace(transaction, draft) {
      const { id, name, owner, isPrivate, revision, value, deletedAtMs } = draft.setting;
      const { count } = await refusingTakenNames(
        name,
        () => transaction`
          update alert_settings set name = ${name}, owner = ${owner}, is_private = ${isPrivate}, revision = ${revision},
            value = ${transaction.json(value as never)}, updated_at = now(),
            deleted_at = ${deletedAtMs === null ? null : transaction.typed.timestamptz(deletedAtMs)}
          where id = ${id} and revision = ${revision - 1} and deleted_at is null`,
      );
      return count === 0 ? null : append(transaction, draft);
    },
  };
}

async function refusingTakenNames<T>(name: string | null, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (isUniqueViolation(error, 'alert_settings_name_unique'))
      throw new ConflictError(`expected a name that is free, got ${JSON.stringify(name)}`);
    throw error;
  }
}
