import { z } from 'zod';
import type { SettingValue } from './setting-value.ts';

function itemsFromText(input: unknown): unknown {
  if (typeof input !== 'string') return input;
  return input
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

export interface TextListOptions {
  /** Names the items in the plural: `symbols such as SPX`. */
  readonly items: string;
  readonly pattern: RegExp;
  /** How an item is spelled in the end. */
  readonly normalise?: (item: string) => string;
}

/** Texts separated by commas, or a YAML sequence of texts. Repeated items count once, order is kept. */
export function textList({ items, pattern, normalise = (item) => item }: TextListOptions): SettingValue<string[]> {
  const schema = z.array(z.string().trim().regex(pattern)).transform((list) => [...new Set(list.map(normalise))]);
  return {
    schema: z.preprocess(itemsFromText, schema),
    expected: `${items}, with commas between them`,
    form: 'list',
  };
}
