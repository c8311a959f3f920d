import type { Sql } from '../../db/client.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { ForbiddenError } from '../../domain/access/forbidden-error.ts';
import { isPermitted } from '../../domain/access/permission.ts';
import type { Viewer } from '../../domain/access/viewer.ts';
import type { Alert } from '../../domain/alerts/alert.ts';
import type { AlertChange, AlertChangeDraft } from '../../domain/alerts/alert-change.ts';
import type { AlertRule } from '../../domain/alerts/alert-rule.ts';
import { type AlertAction, changeAlert } from '../../domain/alerts/change-alert.ts';
import type { LabelMatcher } from '../../domain/alerts/label-matcher.ts';
import type { MessageTemplates } from '../../domain/alerts/message-templates.ts';
import { previewSilence } from '../../domain/alerts/silence.ts';
import { createTestAlert } from '../../domain/alerts/test-alert.ts';
import { ConflictError } from '../../domain/errors/conflict-error.ts';
import { NotFoundError } from '../../domain/errors/not-found-error.ts';
import { textIssue } from '../../domain/errors/text-issue.ts';
import { ValidationError } from '../../domain/errors/validation-error.ts';
import type { ChannelKind } from '../../domain/notifications/notification-channel.ts';
import type { NotificationService } from '../notifications/notification-service.ts';
import type { Page } from '../paging/page.ts';
import type { PageRequest } from '../paging/page-request.ts';
import type { StreamLog } from '../stream-log/stream-log.ts';
import { alertChangeStream } from './alert-change-stream.ts';
import type { AlertQuery, AlertStore } from './alert-store.ts';
import { notificationsOf } from './notifications-of.ts';

const LONGEST_COMMENT = 2_000;

export interface AlertServiceDeps {
  readonly sql: Sql;
  readonly store: AlertStore;
  readonly streamLog: Pick<StreamLog, 'append'>;
  readonly notifications: Pick<NotificationService, 'notify' | 'nudge'>;
  readonly channelKinds: (ids: readonly string[]) => Promise<ReadonlyMap<string, ChannelKind>>;
  readonly templates: MessageTemplates;
  /** Rules that are private and not the viewer's. */
  readonly hiddenRuleIds: (viewer: Viewer) => readonly string[];
  /** Called with what has been committed here, for all processes. */
  readonly onCommitted: (changes: readonly AlertChange[]) => void;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly newId: () => string;
}

/** What people do with alerts. Alerts of private rules are there for the owner of the rule and for administrators only. */
export interface AlertService {
  byIds(ids: readonly string[], viewer: Viewer): Promise<Alert[]>;
  page(request: PageRequest, query: Omit<AlertQuery, 'hiddenRuleIds'>, viewer: Viewer): Promise<Page<Alert>>;
  history(alertId: string): Promise<AlertChange[]>;
  /** @throws NotFoundError, ValidationError (the comment), ConflictError (what the alert's state does not allow) */
  act(alertId: string, action: AlertAction, comment: string | null | undefined, caller: Caller): Promise<Alert>;
  /** Fires a marked alert of a rule by hand: its channels are told, nothing escalates, and it is over at once. @throws ForbiddenError when the rule is somebody else's */
  test(rule: AlertRule, caller: Caller): Promise<Alert>;
  /** The alerts that are there now and would be muted. */
  silencePreview(matchers: readonly LabelMatcher[], viewer: Viewer): Promise<Alert[]>;
}

export function createAlertService(deps: AlertServiceDeps): AlertService {
  const { sql, store, streamLog, notifications, channelKinds, templates, hiddenRuleIds, onCommitted, clock, newId } = deps;

  function visible(alerts: readonly Alert[], viewer: Viewer): Alert[] {
    const hidden = hiddenRuleIds(viewer);
    return alerts.filter(({ ruleId }) => !hidden.includes(ruleId));
  }

  return {
    byIds: async (ids, viewer) => visible(await store.byIds(ids), viewer),
    page: (request, query, viewer) => store.page(request, { ...query, hiddenRuleIds: hiddenRuleIds(viewer) }),
    history: store.history,

    async act(alertId, action, comment, { viewer }) {
      const text = comment?.trim() ?? '';
      const issue = textIssue('comment', text, action.kind === 'COMMENT' ? 1 : 0, LONGEST_COMMENT);
      if (issue) throw new ValidationError([issue]);
      const hidden = hiddenRuleIds(viewer);
      const actor = { subject: viewer.subject, kind: viewer.kind };
      const changes = await sql.begin(async (transaction) => {
        const [alert] = await store.lock(transaction, [alertId]);
        if (!alert || hidden.includes(alert.ruleId)) throw new NotFoundError(`expected the id of an alert, got ${alertId}`);
        const nowMs = clock();
        const result = changeAlert(alert, action, nowMs);
        if (result.kind === 'refused') throw new ConflictError(result.message);
        const draft: AlertChangeDraft = {
          id: newId(),
          kind: result.change,
          actor,
          comment: text === '' ? null : text,
          alert: result.alert,
          notify: null,
          channelIds: [],
        };
        return streamLog.append(transaction, alertChangeStream, [draft], nowMs);
      });
      onCommitted(changes);
      return changes[0]!.alert;
    },

    async test(rule, { viewer }) {
      if (rule.owner !== viewer.subject && !isPermitted(viewer.roles, 'MANAGE_ACCESS')) {
        throw new ForbiddenError(`expected an alert rule of ${viewer.subject}, got one of ${rule.owner ?? 'the product'}`, null);
      }
      const nowMs = clock();
      const alert = createTestAlert(rule, { id: newId(), nowMs, templates });
      const draft: AlertChangeDraft = {
        id: newId(),
        kind: 'FIRED',
        actor: { subject: viewer.subject, kind: viewer.kind },
        comment: null,
        alert,
        notify: 'FIRED',
        channelIds: rule.channelIds,
      };
      const kinds = await channelKinds(rule.channelIds);
      const changes = await sql.begin(async (transaction) => {
        const appended = await streamLog.append(transaction, alertChangeStream, [draft], nowMs);
        await notifications.notify(
          transaction,
          appended.flatMap((change) => notificationsOf(change, (id) => kinds.get(id) ?? null)),
        );
        return appended;
      });
      onCommitted(changes);
      notifications.nudge();
      return alert;
    },

    async silencePreview(matchers, viewer) {
      return visible(previewSilence({ matchers }, await store.open()), viewer);
    },
  };
}
