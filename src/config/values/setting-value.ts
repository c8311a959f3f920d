import type { z } from 'zod';

/** How a value is written: a switch may stand as a bare flag, a list may be given as several flags or as a YAML sequence. */
export type SettingForm = 'single' | 'switch' | 'list';

/** How a value is read from text (variables, flags) or from YAML. */
export interface SettingValue<T> {
  readonly schema: z.ZodType<T>;
  /** Completes the sentence "expected …". */
  readonly expected: string;
  readonly form: SettingForm;
  /** True for values, such as URLs, that can hold a password although the setting as such is no secret. */
  readonly mayHoldPassword?: boolean;
}
