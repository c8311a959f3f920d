import { z } from 'zod';
import type { SettingValue } from './setting-value.ts';

/** A host name or address to listen on. An IPv6 address may stand in the brackets it has in URLs; node:net wants it without. */
export const host: SettingValue<string> = {
  schema: z
    .string()
    .trim()
    .min(1)
    .transform((value) => value.replace(/^\[(.*)\]$/, '$1')),
  expected: 'an address of this machine',
  form: 'single',
};
