import type { Setting } from './list-settings.ts';

/** Enough to recognise what one has written. */
const LONGEST_ECHO = 60;

function describeText(value: string): string {
  const shown = value.length > LONGEST_ECHO ? `${value.slice(0, LONGEST_ECHO)}…` : value;
  return JSON.stringify(shown);
}

/** What came, for an error message. The contents of secrets, of lists and of mappings, and of texts that can hold a password, are not shown. */
export function describeValue(value: unknown, setting: Pick<Setting, 'secret' | 'value'>): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a mapping';
  if (setting.secret === true) return `a ${value === null ? 'null' : typeof value} that is not shown because it is a secret`;
  if (typeof value === 'string') {
    const hidden = setting.value.mayHoldPassword === true && /[@?=]/.test(value);
    return hidden ? 'a string that is not shown because it can hold a password' : describeText(value);
  }
  return value === null ? 'null' : `the ${typeof value} ${String(value)}`;
}

/** A key or name somebody wrote where only names belong; cut at the first character no name has, because a value may have slipped in. */
export function describeName(name: string): string {
  const word = /^[A-Za-z][\w.-]{0,63}/.exec(name)?.[0];
  if (word === undefined) return '(not a name)';
  return word.length === name.length ? word : `${word}…`;
}
