import { z } from 'zod';
import { optionalSetting, setting } from '../setting.ts';
import { addressRanges } from '../values/address-ranges.ts';
import { secretKey } from '../values/secret-key.ts';
import { switchValue } from '../values/switch-value.ts';
import { wholeNumber } from '../values/whole-number.ts';

export const notificationsSection = z.strictObject({
  secretsKey: optionalSetting(secretKey, {
    environment: 'SECRETS_KEY',
    description:
      'Key that secrets of notification channels are encrypted with, the base64 of 32 random bytes. Without it the embedded database has one of its own in the data directory; with DATABASE_URL no channel with secrets can be made.',
    secret: true,
    example: 'MzIgcmFuZG9tIGJ5dGVzLCBhbmQgbm90IHRoZXNlICE=',
  }),
  previousSecretsKey: optionalSetting(secretKey, {
    environment: 'SECRETS_PREVIOUS_KEY',
    description: 'The key before SECRETS_KEY was changed: what it has encrypted is encrypted anew at the next start.',
    secret: true,
    example: 'dGhlIDMyIGJ5dGVzIGZyb20gYmVmb3JlLCBub3QgdXM=',
  }),
  allowedAddresses: setting(addressRanges, {
    environment: 'NOTIFICATIONS_ALLOWED_ADDRESSES',
    description: 'Addresses that notifications may be sent to although they are private, loopback or otherwise not public.',
    default: [],
  }),
  allowInsecure: setting(switchValue, {
    environment: 'NOTIFICATIONS_ALLOW_INSECURE',
    description: 'Send notifications also to http:// addresses and to mail servers without encryption.',
    default: false,
  }),
  timeoutMs: setting(wholeNumber(100, 60_000), {
    environment: 'NOTIFICATIONS_TIMEOUT_MS',
    description: 'How long an attempt to deliver a notification may take; half of it for the connection.',
    unit: 'milliseconds',
    default: 10_000,
  }),
  maximumAttempts: setting(wholeNumber(1, 100), {
    environment: 'NOTIFICATIONS_MAXIMUM_ATTEMPTS',
    description: 'Attempts to deliver a notification until it is given up (a dead letter).',
    unit: 'attempts',
    default: 12,
  }),
  maximumAgeMinutes: setting(wholeNumber(1, 43_200), {
    environment: 'NOTIFICATIONS_MAXIMUM_AGE_MINUTES',
    description: 'A notification that could not be delivered for so long is given up.',
    unit: 'minutes',
    default: 1_440,
  }),
  firstRetryMs: setting(wholeNumber(10, 3_600_000), {
    environment: 'NOTIFICATIONS_FIRST_RETRY_MS',
    description: 'Pause before the second attempt; it doubles with every further one.',
    unit: 'milliseconds',
    default: 5_000,
  }),
  longestRetryMs: setting(wholeNumber(10, 86_400_000), {
    environment: 'NOTIFICATIONS_LONGEST_RETRY_MS',
    description: 'Longest pause between two attempts.',
    unit: 'milliseconds',
    default: 1_800_000,
  }),
  retentionDays: setting(wholeNumber(1, 3_650), {
    environment: 'NOTIFICATIONS_RETENTION_DAYS',
    description: 'How long notifications and the attempts to deliver them are kept.',
    unit: 'days',
    default: 90,
  }),
  pollIntervalMs: setting(wholeNumber(20, 60_000), {
    environment: 'NOTIFICATIONS_POLL_INTERVAL_MS',
    description: 'How often the queue of notifications is looked at for what other processes have queued.',
    unit: 'milliseconds',
    default: 1_000,
  }),
});
