import type { AlertRule } from './alert-rule.ts';
import type { EscalationPolicy } from './escalation-policy.ts';
import type { InhibitionRule } from './inhibition-rule.ts';
import type { Silence } from './silence.ts';

/** What people set up to be alerted, by kind. */
export interface AlertSettings {
  readonly RULE: AlertRule;
  readonly ESCALATION_POLICY: EscalationPolicy;
  readonly SILENCE: Silence;
  readonly INHIBITION_RULE: InhibitionRule;
}

export const ALERT_SETTING_KINDS = ['RULE', 'ESCALATION_POLICY', 'SILENCE', 'INHIBITION_RULE'] as const;
export type AlertSettingKind = (typeof ALERT_SETTING_KINDS)[number];

export const ALERT_SETTING_CHANGE_KINDS = ['CREATED', 'UPDATED', 'DELETED'] as const;
export type AlertSettingChangeKind = (typeof ALERT_SETTING_CHANGE_KINDS)[number];

/** One setting as a revision left it. */
export type StoredAlertSetting = {
  [Kind in AlertSettingKind]: {
    readonly kind: Kind;
    /** UUIDv7. */
    readonly id: string;
    /** Counts up with every change, from 1. */
    readonly revision: number;
    /** Null: without a name. Unique among those of its kind and owner that are in use. */
    readonly name: string | null;
    /** Subject of whoever made it. */
    readonly owner: string | null;
    /** Whether only the owner and administrators see it. */
    readonly isPrivate: boolean;
    readonly value: AlertSettings[Kind];
    /** Null while it is in use. */
    readonly deletedAtMs: number | null;
  };
}[AlertSettingKind];

export interface AlertSettingChangeDraft {
  readonly change: AlertSettingChangeKind;
  /** As the change left it. */
  readonly setting: StoredAlertSetting;
  /** Subject of whoever did it. */
  readonly actor: string;
  /** In the words of who did it; null when none was given. */
  readonly reason: string | null;
}

/** One entry of the stream of changes of settings: the history of each of them. */
export interface AlertSettingChange extends AlertSettingChangeDraft {
  /** Gap-free, in commit order, from 1. */
  readonly sequence: number;
  /** Epoch milliseconds, UTC; ascends with the sequence. */
  readonly atMs: number;
}
