import { z } from 'zod';
import { numberFromText } from './number-from-text.ts';
import type { SettingValue } from './setting-value.ts';

/** A whole number from `minimum` to `maximum`, both included. */
export function wholeNumber(minimum: number, maximum: number): SettingValue<number> {
  return {
    schema: z.preprocess(numberFromText, z.number().int().min(minimum).max(maximum)),
    expected: `a whole number from ${minimum} to ${maximum}`,
    form: 'single',
  };
}
