import { z } from 'zod';
import { setting } from '../setting.ts';
import { wholeNumber } from '../values/whole-number.ts';

export const filtersSection = z.strictObject({
  maximumEnabled: setting(wholeNumber(1, 10_000), {
    environment: 'FILTERS_MAXIMUM_ENABLED',
    description: 'Most filters enabled at the same time, presets included; every candidate of every chain is held against each of them.',
    unit: 'filters',
    default: 500,
  }),
});
