import { z } from 'zod';
import { setting } from '../setting.ts';
import { wholeNumber } from '../values/whole-number.ts';

export const rollupsSection = z.strictObject({
  intervalMs: setting(wholeNumber(10, 3_600_000), {
    environment: 'ROLLUPS_INTERVAL_MS',
    description: 'How often what has been stored is rolled up. Queries count all of it, rolled up or not.',
    unit: 'milliseconds',
    default: 5_000,
  }),
  latenessSeconds: setting(wholeNumber(0, 86_400), {
    environment: 'ROLLUPS_LATENESS_SECONDS',
    description: 'How long after its end a bucket is still taken to be open. What comes later is counted all the same.',
    unit: 'seconds',
    default: 900,
  }),
});
