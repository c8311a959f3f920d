import { z } from 'zod';
import { setting } from '../setting.ts';
import { wholeNumber } from '../values/whole-number.ts';

const unit = 'days';

/** The shortest time is one day: as long as rollups may be late at most. */
const days = wholeNumber(1, 36_500);

export const retentionSection = z.strictObject({
  rawDays: setting(days, {
    environment: 'RETENTION_RAW_DAYS',
    description: 'How long results, observations of underlyings, reports of scans, changes of opportunities and resolved alerts are kept.',
    unit,
    default: 90,
  }),
  minuteRollupsDays: setting(days, {
    environment: 'RETENTION_MINUTE_ROLLUPS_DAYS',
    description: 'How long rollups by minute are kept; not shorter than what they are made of.',
    unit,
    default: 365,
  }),
  hourRollupsDays: setting(days, {
    environment: 'RETENTION_HOUR_ROLLUPS_DAYS',
    description: 'How long rollups by hour are kept; not shorter than those by minute.',
    unit,
    default: 730,
  }),
  dayRollupsDays: setting(days, {
    environment: 'RETENTION_DAY_ROLLUPS_DAYS',
    description: 'How long rollups by day are kept; not shorter than those by hour.',
    unit,
    default: 3_650,
  }),
});
