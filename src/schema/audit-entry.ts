import type { InputRef } from '@pothos/core';
import {
  AUDIT_ACTIONS,
  AUDIT_ACTOR_KINDS,
  AUDIT_OBJECT_KINDS,
  type AuditAction,
  type AuditActor,
  type AuditEntry,
  type AuditObjectKind,
} from '../domain/access/audit-entry.ts';
import { apiObjectId } from './audit-object-id.ts';
import { builder } from './builder.ts';
import { describedValues } from './described-values.ts';
import { DateTimeRangeInput } from './scan-result.ts';

const AuditActionEnum = builder.enumType('AuditAction', {
  description: 'What was done.',
  values: describedValues(AUDIT_ACTIONS, {
    FILTER_CREATED: 'A filter was made.',
    FILTER_UPDATED: 'A filter was changed.',
    FILTER_DELETED: 'A filter was deleted.',
    FILTER_RESTORED: 'A deleted filter was taken back into use.',
    API_KEY_CREATED: 'An API key was made.',
    API_KEY_REVOKED: 'An API key was revoked.',
    TOKEN_REVOKED: 'A token, or all tokens of a subject, were revoked.',
    CONNECTION_TERMINATED: 'A connection was ended by an administrator.',
    SCANNER_STARTED: 'The cycles of a scanner were started.',
    SCANNER_STOPPED: 'The cycles of a scanner were ended.',
    SCAN_REQUESTED: 'Underlyings were to be scanned outside the cycles.',
    ALERT_SETTING_CREATED: 'An alert rule, escalation policy, silence or inhibition rule was made.',
    ALERT_SETTING_UPDATED: 'An alert rule, escalation policy, silence or inhibition rule was changed.',
    ALERT_SETTING_DELETED: 'An alert rule, escalation policy, silence or inhibition rule was deleted.',
    CHANNEL_CREATED: 'A notification channel was made.',
    CHANNEL_UPDATED: 'A notification channel was changed.',
    CHANNEL_DELETED: 'A notification channel was deleted.',
    CHANNEL_DISABLED: 'The server has disabled a notification channel, because its endpoint is gone.',
    CHANNEL_SECRET_ROTATED: 'A notification channel got a new key that its webhooks are signed with.',
    CHANNEL_TESTED: 'A test notification was sent on a notification channel.',
    CHANNEL_REPLAYED: 'Notifications of a notification channel were sent again.',
    RETENTION_RUN: 'What had expired was removed, besides the daily run.',
  }),
});

const AuditObjectKindEnum = builder.enumType('AuditObjectKind', {
  description: 'What something was done to.',
  values: describedValues(AUDIT_OBJECT_KINDS, {
    FILTER: 'A filter.',
    API_KEY: 'An API key.',
    TOKEN: 'A JSON Web Token.',
    SUBJECT: 'All tokens of a person or a service.',
    CONNECTION: 'A WebSocket or an event stream.',
    SCANNER: 'The scanner of a server process.',
    SCAN_RUN: 'A scan run.',
    ALERT_RULE: 'An alert rule.',
    ESCALATION_POLICY: 'An escalation policy.',
    SILENCE: 'A silence.',
    INHIBITION_RULE: 'An inhibition rule.',
    NOTIFICATION_CHANNEL: 'A notification channel.',
    STORAGE: 'What is stored.',
  }),
});

const AuditActorKindEnum = builder.enumType('AuditActorKind', {
  description: 'How somebody who did something had shown who it is.',
  values: describedValues(AUDIT_ACTOR_KINDS, {
    LOCAL: 'Not at all: no authentication was configured and only this machine could reach the server.',
    TOKEN: 'With a JSON Web Token.',
    API_KEY: 'With an API key.',
    SYSTEM: 'It was the server itself.',
  }),
});

const AuditActorRef = builder.objectRef<AuditActor>('AuditActor').implement({
  description: 'Who did something.',
  fields: (t) => ({
    subject: t.exposeString('subject', { description: 'Its name: of a person or a service.' }),
    kind: t.expose('kind', { type: AuditActorKindEnum, description: 'How it had shown who it is.' }),
    credentialId: t.string({
      nullable: true,
      description: 'The token (`jti`) or the key (global id) that was shown; null when it has no id.',
      resolve: ({ kind, credentialId }) =>
        credentialId !== null && kind === 'API_KEY' ? apiObjectId('API_KEY', credentialId) : credentialId,
    }),
  }),
});

export const AuditEntryRef = builder.objectRef<AuditEntry>('AuditEntry').implement({
  description: 'What somebody did. Never changed, never removed.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'UUID of the entry.' }),
    at: t.field({ type: 'DateTime', description: 'When it was done, UTC.', resolve: ({ atMs }) => new Date(atMs) }),
    actor: t.expose('actor', { type: AuditActorRef, description: 'Who did it.' }),
    action: t.expose('action', { type: AuditActionEnum, description: 'What was done.' }),
    objectKind: t.expose('objectKind', { type: AuditObjectKindEnum, description: 'To what kind of thing.' }),
    objectId: t.id({
      description: 'To which: a global id where the thing has one; else the id of the token or of the connection, or the subject.',
      resolve: ({ objectKind, objectId }) => apiObjectId(objectKind, objectId),
    }),
    objectName: t.exposeString('objectName', { nullable: true, description: 'What it was called then; null when it has no name.' }),
    fromRevision: t.exposeInt('fromRevision', {
      nullable: true,
      description: 'The revision before; null when there was none, or there are no revisions.',
    }),
    toRevision: t.exposeInt('toRevision', {
      nullable: true,
      description: 'The revision afterwards; null when there are no revisions.',
    }),
    reason: t.exposeString('reason', { nullable: true, description: 'In the words of who did it; null when none was given.' }),
    requestId: t.exposeString('requestId', {
      nullable: true,
      description: 'Id of the request it was done in, as in its answer and in the log; null when it was done in none.',
    }),
  }),
});

export interface AuditEntryFilterShape {
  readonly actors?: readonly string[] | null | undefined;
  readonly actions?: readonly AuditAction[] | null | undefined;
  readonly objectKinds?: readonly AuditObjectKind[] | null | undefined;
  readonly objectIds?: readonly (string | number)[] | null | undefined;
  readonly at?: { readonly from?: Date | null | undefined; readonly before?: Date | null | undefined } | null | undefined;
}

export const AuditEntryFilterInput: InputRef<AuditEntryFilterShape> = builder
  .inputRef<AuditEntryFilterShape>('AuditEntryFilter')
  .implement({
    description: 'Which entries are meant: everything stated must hold. Nothing stated means all.',
    fields: (t) => ({
      actors: t.stringList({ description: 'Only what these subjects did.' }),
      actions: t.field({ type: [AuditActionEnum], description: 'Only these actions.' }),
      objectKinds: t.field({ type: [AuditObjectKindEnum], description: 'Only what was done to these kinds of things.' }),
      objectIds: t.idList({ description: 'Only what was done to these things: as `objectId` tells them.' }),
      at: t.field({ type: DateTimeRangeInput, description: 'Only what was done in this span of time.' }),
    }),
  });
