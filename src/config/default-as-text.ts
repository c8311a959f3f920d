import type { Setting } from './list-settings.ts';

/** The default as one would write it in a variable; undefined when there is none, an empty text for an empty list. */
export function defaultAsText({ default: value }: Pick<Setting, 'default'>): string | undefined {
  if (value === undefined) return undefined;
  if (Array.isArray(value)) return value.join(',');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
