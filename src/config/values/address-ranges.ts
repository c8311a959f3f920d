import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import type { SettingValue } from './setting-value.ts';
import { textList } from './text-list.ts';

const isAddressRange = (text: string) => (text.includes('/') ? ipaddr.isValidCIDR(text) : ipaddr.isValid(text));

/** Ranges of IPv4 and IPv6 addresses, and single ones. */
export const addressRanges: SettingValue<string[]> = {
  ...textList({ items: 'ranges of addresses such as 10.1.0.0/16', pattern: /^[0-9a-f.:/]+$/i }),
  schema: textList({ items: '', pattern: /^[0-9a-f.:/]+$/i }).schema.pipe(z.array(z.string().refine(isAddressRange))) as z.ZodType<
    string[]
  >,
};
