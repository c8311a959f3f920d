import type { Alert } from './alert.ts';
import type { Suppression } from './decide-notification.ts';
import { type LabelMatcher, type Labels, matchesLabels } from './label-matcher.ts';

/** For some time nobody is notified of the alerts that meet all matchers; they fire and resolve as ever. */
export interface Silence {
  readonly id: string;
  readonly matchers: readonly LabelMatcher[];
  /** Epoch milliseconds. */
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly createdBy: string;
  readonly comment: string;
}

export function isSilenceActive({ startsAtMs, endsAtMs }: Silence, nowMs: number): boolean {
  return startsAtMs <= nowMs && nowMs < endsAtMs;
}

/** The silence in force on these labels that lasts longest, as a reason to keep still; null: none. */
export function silencedBy(silences: readonly Silence[], labels: Labels, nowMs: number): Suppression | null {
  let untilMs = Number.NEGATIVE_INFINITY;
  for (const silence of silences) {
    if (silence.endsAtMs > untilMs && isSilenceActive(silence, nowMs) && matchesLabels(silence.matchers, labels))
      untilMs = silence.endsAtMs;
  }
  return untilMs > nowMs ? { reason: 'SILENCED', untilMs } : null;
}

/** The alerts that a silence would mute, of those that are not over. */
export function previewSilence({ matchers }: Pick<Silence, 'matchers'>, alerts: readonly Alert[]): Alert[] {
  return alerts.filter(({ status, labels }) => status !== 'RESOLVED' && matchesLabels(matchers, labels));
}
