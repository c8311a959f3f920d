import type { Labels } from './label-matcher.ts';

/** Alerts with the same key are told together: those with the same values of the labels in `by`. */
export function groupKeyOf(labels: Labels, by: readonly string[]): string {
  return JSON.stringify(by.map((name) => [name, Object.hasOwn(labels, name) ? labels[name]! : '']));
}
