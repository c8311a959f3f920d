import { z } from 'zod';
import type { SettingValue } from './setting-value.ts';

/**
 * A URL with one of these schemes (`https`, without the colon). Only the scheme and the presence of something behind it are checked: database URLs
 * may name several hosts or a socket directory, which the URL standard does not know, and the client that opens the URL reports the rest.
 */
export function url(schemes: readonly string[]): SettingValue<string> {
  const prefixes = schemes.map((scheme) => `${scheme}://`);
  return {
    schema: z
      .string()
      .trim()
      .regex(/^\S+$/)
      .refine((value) => prefixes.some((prefix) => value.toLowerCase().startsWith(prefix) && value.length > prefix.length)),
    expected: `a URL beginning with ${prefixes.join(' or ')}`,
    form: 'single',
    mayHoldPassword: true,
  };
}
