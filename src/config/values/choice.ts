import { z } from 'zod';
import type { SettingValue } from './setting-value.ts';

function lowerCase(input: unknown): unknown {
  return typeof input === 'string' ? input.toLowerCase() : input;
}

/** One of some lower-case words, accepted in any case. */
export function choice<const T extends string>(words: readonly [T, ...T[]]): SettingValue<T> {
  return {
    schema: z.preprocess(lowerCase, z.enum(words)) as unknown as z.ZodType<T>,
    expected: `one of ${words.join(', ')}`,
    form: 'single',
  };
}
