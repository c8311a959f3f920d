import { textIssue } from '../errors/text-issue.ts';
import { ValidationError, type ValidationIssue } from '../errors/validation-error.ts';
import type { ChannelInput } from './channel-input.ts';
import type { NotificationChannel } from './notification-channel.ts';
import { type KeptSettings, type ParseChannelOptions, parseChannelSettings } from './parse-channel-settings.ts';

/** What of a channel people decide. */
export type ChannelContent = Pick<NotificationChannel, 'name' | 'enabled' | 'rateLimitPerMinute' | 'digestWindowMs'> & KeptSettings;

const LONGEST_NAME = 100;
const HIGHEST_RATE = 6_000;
const LONGEST_DIGEST_WINDOW_MS = 86_400_000;

/**
 * A new channel, or what a channel becomes: what the input leaves out stays.
 * @param kept null: the channel is new, and the input complete
 * @throws ValidationError with every issue
 */
export function parseChannelInput(input: ChannelInput, kept: null, options: ParseChannelOptions): ChannelContent;
export function parseChannelInput(input: Partial<ChannelInput>, kept: ChannelContent, options: ParseChannelOptions): ChannelContent;
export function parseChannelInput(input: Partial<ChannelInput>, kept: ChannelContent | null, options: ParseChannelOptions): ChannelContent {
  const issues: ValidationIssue[] = [];
  const name = (input.name ?? kept?.name ?? '').trim();
  const nameIssue = textIssue('name', name, 1, LONGEST_NAME);
  if (nameIssue) issues.push(nameIssue);
  const rateLimitPerMinute = input.rateLimitPerMinute === undefined ? (kept?.rateLimitPerMinute ?? null) : input.rateLimitPerMinute;
  if (rateLimitPerMinute !== null && !isWhole(rateLimitPerMinute, 1, HIGHEST_RATE)) {
    issues.push({ path: 'rateLimitPerMinute', message: `expected a whole number from 1 to ${HIGHEST_RATE}, got ${rateLimitPerMinute}` });
  }
  const digestWindowMs = input.digestWindowMs ?? kept?.digestWindowMs ?? 0;
  if (!isWhole(digestWindowMs, 0, LONGEST_DIGEST_WINDOW_MS)) {
    issues.push({ path: 'digestWindowMs', message: `expected milliseconds from 0 to ${LONGEST_DIGEST_WINDOW_MS}, got ${digestWindowMs}` });
  }
  const settings = input.settings ? parseChannelSettings(input.settings, kept, options, issues) : kept!;
  if (issues.length > 0) throw new ValidationError(issues);
  return {
    name,
    enabled: input.enabled ?? kept?.enabled ?? true,
    rateLimitPerMinute,
    digestWindowMs,
    settings: settings.settings,
    secrets: settings.secrets,
  };
}

function isWhole(value: number, minimum: number, maximum: number): boolean {
  return Number.isInteger(value) && value >= minimum && value <= maximum;
}
