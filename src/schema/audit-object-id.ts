import { decodeGlobalID, encodeGlobalID } from '@pothos/plugin-relay';
import type { AuditObjectKind } from '../domain/access/audit-entry.ts';

/** Objects of the audit trail that have a global id: by the name of their type. */
const TYPE_NAMES: Readonly<Partial<Record<AuditObjectKind, string>>> = {
  FILTER: 'Filter',
  API_KEY: 'ApiKey',
  CONNECTION: 'ClientConnection',
  SCAN_RUN: 'ScanRun',
  ALERT_RULE: 'AlertRule',
  ESCALATION_POLICY: 'EscalationPolicy',
  SILENCE: 'Silence',
  INHIBITION_RULE: 'InhibitionRule',
  NOTIFICATION_CHANNEL: 'NotificationChannel',
};

/** What clients know an object by: its global id where it has one. */
export function apiObjectId(kind: AuditObjectKind, id: string): string {
  const typeName = TYPE_NAMES[kind];
  return typeName === undefined ? id : encodeGlobalID(typeName, id);
}

/** What may be stored of an object that a client names: the text itself, and what lies in it if it is a global id. */
export function storedObjectIds(text: string): string[] {
  try {
    const { typename, id } = decodeGlobalID(text);
    return Object.values(TYPE_NAMES).includes(typename) ? [text, id] : [text];
  } catch {
    return [text];
  }
}
