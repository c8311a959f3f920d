import fc from 'fast-check';
import { expect, test } from 'vitest';
import { medianOf } from '../../../../src/domain/pricing/median.ts';

test('the median is the middle of the sorted values, the upper one of two, of the counted ones only', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 }), fc.nat(5), (values, extra) => {
      const sorted = Float64Array.from(values).sort();
      const padded = Float64Array.from([...values, ...Array.from({ length: extra }, () => 1e9)]);
      // Adding 0 makes 0 of -0: a selection need not tell them apart.
      expect(medianOf(padded, values.length) + 0).toBe(sorted[values.length >> 1]! + 0);
    }),
  );
});

test('nothing has no median', () => {
  expect(medianOf(new Float64Array(4), 0)).toBeNaN();
});
