import { z } from 'zod';
import { setting } from '../setting.ts';
import { switchValue } from '../values/switch-value.ts';
import { wholeNumber } from '../values/whole-number.ts';

export const scannerSection = z.strictObject({
  autostart: setting(switchValue, {
    environment: 'SCANNER_AUTOSTART',
    flag: 'scan',
    description: 'Begin scanning when the server starts; otherwise it waits for the mutation scannerStart.',
    default: true,
  }),
  minimumIntervalMs: setting(wholeNumber(0, 86_400_000), {
    environment: 'SCANNER_MINIMUM_INTERVAL_MS',
    description:
      'Shortest time between two scans of one symbol; the first cycle begins them all at once, each later one spreads them over this time, but no longer than a minute. A feed that asks for more is given more.',
    unit: 'milliseconds',
    default: 10_000,
  }),
  concurrency: setting(wholeNumber(1, 64), {
    environment: 'SCANNER_CONCURRENCY',
    description: 'Most symbols fetched and scanned at the same time.',
    unit: 'symbols',
    default: 4,
  }),
  resultsPerFilter: setting(wholeNumber(1, 10_000), {
    environment: 'SCANNER_RESULTS_PER_FILTER',
    description: 'Most results one filter takes from one underlying in one pass; the best scores win.',
    unit: 'results',
    default: 5,
  }),
  sliceMs: setting(wholeNumber(1, 1000), {
    environment: 'SCANNER_SLICE_MS',
    description: 'Longest stretch of computing before other work gets its turn.',
    unit: 'milliseconds',
    default: 4,
  }),
  bufferResults: setting(wholeNumber(100, 10_000_000), {
    environment: 'SCANNER_BUFFER_RESULTS',
    description: 'Most results held in memory while the database is away; the scanner waits when they are reached.',
    unit: 'results',
    default: 50_000,
  }),
  maximumQueuedRequests: setting(wholeNumber(1, 100_000), {
    environment: 'SCANNER_MAXIMUM_QUEUED_REQUESTS',
    description: 'Most scan requests that wait or go on at the same time; more are refused.',
    unit: 'requests',
    default: 100,
  }),
  backoffMaximumMs: setting(wholeNumber(1000, 86_400_000), {
    environment: 'SCANNER_BACKOFF_MAX_MS',
    description: 'Longest pause before a failing symbol is tried again.',
    unit: 'milliseconds',
    default: 300_000,
  }),
});
