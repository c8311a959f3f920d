import type { Caller } from './caller.ts';
import { VIEWER_KINDS, type Viewer } from './viewer.ts';

/** What is worth knowing afterwards who did it. Stored: never rename one. */
export const AUDIT_ACTIONS = [
  'FILTER_CREATED',
  'FILTER_UPDATED',
  'FILTER_DELETED',
  'FILTER_RESTORED',
  'API_KEY_CREATED',
  'API_KEY_REVOKED',
  'TOKEN_REVOKED',
  'CONNECTION_TERMINATED',
  'SCANNER_STARTED',
  'SCANNER_STOPPED',
  'SCAN_REQUESTED',
  'ALERT_SETTING_CREATED',
  'ALERT_SETTING_UPDATED',
  'ALERT_SETTING_DELETED',
  'CHANNEL_CREATED',
  'CHANNEL_UPDATED',
  'CHANNEL_DELETED',
  'CHANNEL_DISABLED',
  'CHANNEL_SECRET_ROTATED',
  'CHANNEL_TESTED',
  'CHANNEL_REPLAYED',
  'RETENTION_RUN',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** What it was done to. SUBJECT: all tokens of a person or service. */
export const AUDIT_OBJECT_KINDS = [
  'FILTER',
  'API_KEY',
  'TOKEN',
  'SUBJECT',
  'CONNECTION',
  'SCANNER',
  'SCAN_RUN',
  'ALERT_RULE',
  'ESCALATION_POLICY',
  'SILENCE',
  'INHIBITION_RULE',
  'NOTIFICATION_CHANNEL',
  'STORAGE',
] as const;
export type AuditObjectKind = (typeof AUDIT_OBJECT_KINDS)[number];

/** SYSTEM: the program itself, e.g. when it stores its presets. */
export const AUDIT_ACTOR_KINDS = [...VIEWER_KINDS, 'SYSTEM'] as const;
export type AuditActorKind = (typeof AUDIT_ACTOR_KINDS)[number];

export interface AuditActor {
  readonly subject: string;
  readonly kind: AuditActorKind;
  /** The token (`jti`) or the key that was shown; null when it has no id. */
  readonly credentialId: string | null;
}

export const SYSTEM_ACTOR: AuditActor = { subject: 'strikewire', kind: 'SYSTEM', credentialId: null };

/** An entry before it has a place in the audit trail. */
export interface AuditEntryDraft {
  /** UUIDv7. */
  readonly id: string;
  readonly actor: AuditActor;
  readonly action: AuditAction;
  readonly objectKind: AuditObjectKind;
  readonly objectId: string;
  /** As it was called then; null when it has no name. */
  readonly objectName: string | null;
  /** Null: there was none before, or the object has no revisions. */
  readonly fromRevision: number | null;
  /** Null: there is none afterwards, or the object has no revisions. */
  readonly toRevision: number | null;
  /** In the words of who did it; null when none was given. */
  readonly reason: string | null;
  /** The request it was done in; null when it was done in none. */
  readonly requestId: string | null;
}

/** What has been done, by whom, to what. */
export interface AuditEntry extends AuditEntryDraft {
  /** Gap-free, in commit order, from 1. */
  readonly sequence: number;
  /** Epoch milliseconds, UTC; ascends with the sequence. */
  readonly atMs: number;
}

/** Null: the program itself. */
export type Acting = Caller | null;

type Done = Pick<AuditEntryDraft, 'action' | 'objectKind' | 'objectId'> &
  Partial<Pick<AuditEntryDraft, 'objectName' | 'fromRevision' | 'toRevision' | 'reason'>>;

export function draftAuditEntry(id: string, acting: Acting, done: Done): AuditEntryDraft {
  return {
    id,
    actor: acting === null ? SYSTEM_ACTOR : actorOf(acting.viewer),
    objectName: null,
    fromRevision: null,
    toRevision: null,
    reason: null,
    ...done,
    requestId: acting?.requestId ?? null,
  };
}

function actorOf({ subject, kind, credentialId }: Viewer): AuditActor {
  return { subject, kind, credentialId };
}
