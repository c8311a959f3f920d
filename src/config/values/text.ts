import { z } from 'zod';
import type { SettingValue } from './setting-value.ts';

/** Any text that is not empty; `meaning` says what it names. Numbers from YAML are refused: `007` and `1e9` would not be what was written. */
export function text(meaning: string): SettingValue<string> {
  return {
    schema: z.string().trim().min(1),
    expected: meaning,
    form: 'single',
  };
}
