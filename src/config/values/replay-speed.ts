import { z } from 'zod';
import { numberFromText } from './number-from-text.ts';
import type { SettingValue } from './setting-value.ts';

export type ReplaySpeed = number | 'step';

/** A million recorded seconds per second: eleven days; beyond it `step` is meant. */
const FASTEST = 1_000_000;

/** How fast recorded time passes: a positive factor of real time, or `step` for one recorded moment per fetch. */
export const replaySpeed: SettingValue<ReplaySpeed> = {
  schema: z.preprocess(numberFromText, z.union([z.number().positive().max(FASTEST), z.literal('step')])),
  expected: `a number above 0 and up to ${FASTEST}, or "step"`,
  form: 'single',
};
