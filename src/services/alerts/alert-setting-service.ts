import type { Sql, Transaction } from '../../db/client.ts';
import { isUniqueViolation } from '../../db/is-unique-violation.ts';
import { type AuditAction, type AuditObjectKind, draftAuditEntry } from '../../domain/access/audit-entry.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { ForbiddenError } from '../../domain/access/forbidden-error.ts';
import { isPermitted } from '../../domain/access/permission.ts';
import type { Viewer } from '../../domain/access/viewer.ts';
import type {
  AlertSettingChange,
  AlertSettingChangeDraft,
  AlertSettingChangeKind,
  AlertSettingKind,
  StoredAlertSetting,
} from '../../domain/alerts/alert-setting.ts';
import { ConflictError } from '../../domain/errors/conflict-error.ts';
import { NotFoundError } from '../../domain/errors/not-found-error.ts';
import { ValidationError } from '../../domain/errors/validation-error.ts';
import type { AuditLog } from '../access/audit-log.ts';
import { parseReason } from '../access/parse-reason.ts';
import type { Page } from '../paging/page.ts';
import type { PageRequest } from '../paging/page-request.ts';
import type { AlertSettingStore, SettingScope } from './alert-setting-store.ts';
import type { MadeSetting, MakeAlertSetting } from './make-alert-setting.ts';

/** A setting of one kind. */
export type SettingOf<Kind extends AlertSettingKind> = Extract<StoredAlertSetting, { kind: Kind }>;

export interface AlertSettingServiceDeps {
  /** For writing: appending to a stream takes a transaction of this client. */
  readonly sql: Sql;
  readonly store: AlertSettingStore;
  readonly make: MakeAlertSetting;
  readonly auditLog: Pick<AuditLog, 'append' | 'committed'>;
  /** Called with what has been committed here, for all processes. */
  readonly onCommitted: (changes: readonly AlertSettingChange[]) => void;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly newId: () => string;
}

/** What goes with a change besides its content. */
export interface ChangeRequest {
  readonly caller: Caller;
  readonly reason: string | null | undefined;
}

/** Alert rules, escalation policies, silences and inhibition rules: who may see and change them, and their revisions. */
export interface AlertSettingService {
  /**
   * The same idempotency key of the same caller again answers with what it made.
   * @throws ValidationError, ConflictError (the name is taken)
   */
  create<Kind extends AlertSettingKind>(
    kind: Kind,
    input: Readonly<Record<string, unknown>>,
    request: ChangeRequest & { readonly idempotencyKey: string | null },
  ): Promise<SettingOf<Kind>>;
  /** Only what is given changes. @throws NotFoundError, ForbiddenError, ValidationError, ConflictError */
  update<Kind extends AlertSettingKind>(
    kind: Kind,
    id: string,
    expectedRevision: number,
    input: Readonly<Record<string, unknown>>,
    request: ChangeRequest,
  ): Promise<SettingOf<Kind>>;
  /** @throws NotFoundError, ForbiddenError, ConflictError */
  delete<Kind extends AlertSettingKind>(kind: Kind, id: string, expectedRevision: number, request: ChangeRequest): Promise<SettingOf<Kind>>;
  /** What a setting would be, without storing it. @param previous null: a new one. @throws ValidationError */
  draft<Kind extends AlertSettingKind>(
    kind: Kind,
    input: Readonly<Record<string, unknown>>,
    previous: SettingOf<Kind> | null,
    viewer: Viewer,
  ): Promise<SettingOf<Kind>>;
  /** What the viewer may see of these, deleted ones too; the order is not that of the ids. */
  byIds<Kind extends AlertSettingKind>(kind: Kind, ids: readonly string[], viewer: Viewer): Promise<SettingOf<Kind>[]>;
  page<Kind extends AlertSettingKind>(kind: Kind, request: PageRequest, viewer: Viewer): Promise<Page<SettingOf<Kind>>>;
  /** Every revision, the first first. */
  history(id: string): Promise<AlertSettingChange[]>;
}

const AUDIT_KINDS: Readonly<Record<AlertSettingKind, AuditObjectKind>> = {
  RULE: 'ALERT_RULE',
  ESCALATION_POLICY: 'ESCALATION_POLICY',
  SILENCE: 'SILENCE',
  INHIBITION_RULE: 'INHIBITION_RULE',
};
const AUDIT_ACTIONS: Readonly<Record<AlertSettingChangeKind, AuditAction>> = {
  CREATED: 'ALERT_SETTING_CREATED',
  UPDATED: 'ALERT_SETTING_UPDATED',
  DELETED: 'ALERT_SETTING_DELETED',
};

export function createAlertSettingService(deps: AlertSettingServiceDeps): AlertSettingService {
  const { sql, store, make, auditLog, onCommitted, clock, newId } = deps;

  function isVisible({ isPrivate, owner }: StoredAlertSetting, viewer: Viewer): boolean {
    return !isPrivate || owner === viewer.subject || isPermitted(viewer.roles, 'MANAGE_ACCESS');
  }

  async function current<Kind extends AlertSettingKind>(
    kind: Kind,
    id: string,
    expectedRevision: number,
    viewer: Viewer,
  ): Promise<SettingOf<Kind>> {
    const [setting] = await store.byIds([id]);
    if (!setting || setting.kind !== kind || setting.deletedAtMs !== null || !isVisible(setting, viewer)) {
      throw new NotFoundError(`expected the id of ${WORDS[kind]}, got ${id}`);
    }
    if (setting.owner !== viewer.subject && !isPermitted(viewer.roles, 'MANAGE_ACCESS')) {
      throw new ForbiddenError(`expected ${WORDS[kind]} of ${viewer.subject}, got one of ${setting.owner ?? 'the product'}`, null);
    }
    if (setting.revision !== expectedRevision) throw staleRevision(expectedRevision, setting.revision);
    return setting as SettingOf<Kind>;
  }

  async function write(
    draft: AlertSettingChangeDraft,
    caller: Caller,
    store_: (transaction: Transaction) => Promise<AlertSettingChange | null>,
  ): Promise<AlertSettingChange | null> {
    const { change, setting, reason } = draft;
    const written = await sql.begin(async (transaction) => {
      const stored = await store_(transaction);
      if (stored === null) return null;
      const entries = await auditLog.append(transaction, [
        draftAuditEntry(newId(), caller, {
          action: AUDIT_ACTIONS[change],
          objectKind: AUDIT_KINDS[setting.kind],
          objectId: setting.id,
          objectName: setting.name,
          fromRevision: change === 'CREATED' ? null : setting.revision - 1,
          toRevision: change === 'DELETED' ? null : setting.revision,
          reason,
        }),
      ]);
      return { stored, entries };
    });
    if (written === null) return null;
    onCommitted([written.stored]);
    auditLog.committed(written.entries);
    return written.stored;
  }

  async function replace<Kind extends AlertSettingKind>(
    change: AlertSettingChangeKind,
    made: MadeSetting<Kind>,
    request: ChangeRequest,
  ): Promise<SettingOf<Kind>> {
    const setting = made as unknown as StoredAlertSetting;
    const draft = { change, setting, actor: request.caller.viewer.subject, reason: parseReason(request.reason) };
    const written = await write(draft, request.caller, (transaction) => store.replace(transaction, draft));
    if (written) return written.setting as SettingOf<Kind>;
    // Somebody was faster between reading and writing: say who holds now.
    await current(setting.kind, setting.id, setting.revision - 1, request.caller.viewer);
    throw new ConflictError('it was changed at the same moment, read it again');
  }

  async function createdWith<Kind extends AlertSettingKind>(kind: Kind, key: string | null): Promise<SettingOf<Kind> | null> {
    const setting = key === null ? null : await store.byIdempotencyKey(key);
    if (!setting) return null;
    if (setting.kind !== kind) throw new ConflictError(`expected an idempotency key that is new, got one that made ${WORDS[setting.kind]}`);
    return setting as SettingOf<Kind>;
  }

  return {
    async create(kind, input, { caller, reason, idempotencyKey }) {
      // Keys of one caller say nothing about those of another.
      const key = idempotencyKey === null ? null : `${caller.viewer.subject} ${idempotencyKey}`;
      const existing = await createdWith(kind, key);
      if (existing) return existing;
      const made = await make(kind, input, { id: newId(), owner: caller.viewer.subject, previous: null, nowMs: clock() });
      const setting = made as unknown as StoredAlertSetting;
      const draft: AlertSettingChangeDraft = { change: 'CREATED', setting, actor: caller.viewer.subject, reason: parseReason(reason) };
      try {
        const written = await write(draft, caller, (transaction) => store.insert(transaction, draft, key));
        return written!.setting as SettingOf<typeof kind>;
      } catch (error) {
        // The same key at the same moment: the other call made it. Its name may be what collided first.
        const twin = await createdWith(kind, key);
        if (twin && (error instanceof ConflictError || isUniqueViolation(error, 'alert_settings_idempotency_key_unique'))) return twin;
        throw error;
      }
    },

    async update(kind, id, expectedRevision, input, request) {
      if (Object.keys(input).length === 0) throw new ValidationError([{ path: '', message: 'expected something to change, got nothing' }]);
      const previous = await current(kind, id, expectedRevision, request.caller.viewer);
      const made = await make(kind, input, { id, owner: previous.owner, previous, nowMs: clock() });
      return replace('UPDATED', made, request);
    },

    async delete(kind, id, expectedRevision, request) {
      const previous = await current(kind, id, expectedRevision, request.caller.viewer);
      const nowMs = clock();
      const value =
        kind === 'RULE' || kind === 'ESCALATION_POLICY'
          ? { ...previous.value, deletedAtMs: nowMs, revision: previous.revision + 1 }
          : previous.value;
      return replace('DELETED', { ...previous, value, revision: previous.revision + 1, deletedAtMs: nowMs } as never, request);
    },

    async draft(kind, input, previous, viewer) {
      const facts = { id: previous?.id ?? newId(), owner: previous?.owner ?? viewer.subject, previous, nowMs: clock() };
      return make(kind, input, facts);
    },

    async byIds(kind, ids, viewer) {
      const settings = await store.byIds(ids);
      return settings.filter((setting) => setting.kind === kind && isVisible(setting, viewer)) as SettingOf<typeof kind>[];
    },

    async page(kind, request, viewer) {
      const scope: SettingScope = isPermitted(viewer.roles, 'MANAGE_ACCESS') ? null : { subject: viewer.subject };
      return (await store.page(request, kind, scope)) as unknown as Page<SettingOf<typeof kind>>;
    },

    history: store.history,
  };
}

const WORDS: Readonly<Record<AlertSettingKind, string>> = {
  RULE: 'an alert rule',
  ESCALATION_POLICY: 'an escalation policy',
  SILENCE: 'a silence',
  INHIBITION_RULE: 'an inhibition rule',
};

function staleRevision(expected: number, currentRevision: number): ConflictError {
  return new ConflictError(`expected revision ${expected} to be in force, got ${currentRevision}`, currentRevision);
}
