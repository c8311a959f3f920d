import { z } from 'zod';
import type { SettingValue } from './setting-value.ts';

/** 32 random bytes in base64 or base64url, as `openssl rand -base64 32` makes them. */
export const secretKey: SettingValue<string> = {
  schema: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9+/_-]{43}=?$/),
  expected: 'the base64 of 32 bytes, as `openssl rand -base64 32` makes it',
  form: 'single',
};
