import { z } from 'zod';
import type { SettingValue } from './setting-value.ts';

const SPELLINGS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
  ['yes', true],
  ['no', false],
  ['on', true],
  ['off', false],
  ['1', true],
  ['0', false],
]);

function booleanFromText(input: unknown): unknown {
  return typeof input === 'string' ? (SPELLINGS.get(input.toLowerCase()) ?? input) : input;
}

/** True or false, in the spellings people use in environment files, whatever the case. */
export const switchValue: SettingValue<boolean> = {
  schema: z.preprocess(booleanFromText, z.boolean()),
  expected: 'true or false',
  form: 'switch',
};
