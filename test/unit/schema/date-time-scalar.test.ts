import { expect, it } from 'vitest';
import { DateTimeScalar } from '../../../src/schema/date-time-scalar.ts';

it('tells each moment, whatever the one before was', () => {
  const texts = [0, 0, 1, 0].map((ms) => DateTimeScalar.serialize(new Date(ms)));
  expect(texts).toEqual(['1970-01-01T00:00:00.000Z', '1970-01-01T00:00:00.000Z', '1970-01-01T00:00:00.001Z', '1970-01-01T00:00:00.000Z']);
});

it('refuses what is no moment, again and again, and goes on', () => {
  for (let time = 0; time < 2; time++) expect(() => DateTimeScalar.serialize(new Date(Number.NaN))).toThrow('invalid Date');
  expect(DateTimeScalar.serialize(new Date(5))).toBe('1970-01-01T00:00:00.005Z');
  expect(() => DateTimeScalar.serialize({})).toThrow('DateTime cannot be serialized');
});
