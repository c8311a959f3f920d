import fc from 'fast-check';
import { expect, it } from 'vitest';

it.skipIf(process.env.TEST_SEED === 'random')('properties see the same values in every run', () => {
  const seen = (): number[] => {
    const values: number[] = [];
    fc.assert(fc.property(fc.integer(), (value) => void values.push(value)));
    return values;
  };
  expect(seen()).toEqual(seen());
});
