import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RollupAccumulator } from '../../../../src/domain/rollups/rollup-accumulator.ts';
import { PERCENTILE_RELATIVE_ERROR } from '../../../../src/domain/rollups/sketch-bin.ts';

interface Row {
  readonly value: number;
  readonly atMs: number;
}

/** Of every size and sign, but not so small that they have fewer digits than others; moments often the same. */
const rows = fc.array(
  fc.record<Row>({
    value: fc.oneof(
      fc.constantFrom(0, -0, 1, -1),
      fc.integer({ min: -100, max: 100 }),
      fc.double({ min: -1e9, max: -1e-30, noNaN: true }),
      fc.double({ min: 1e-30, max: 1e9, noNaN: true }),
      fc.double({ min: 1e-30, max: 1e-9, noNaN: true }),
    ),
    atMs: fc.integer({ min: 0, max: 20 }),
  }),
  { minLength: 1, maxLength: 200 },
);

function accumulate(of: readonly Row[]): RollupAccumulator {
  const accumulator = new RollupAccumulator();
  for (const { value, atMs } of of) accumulator.add(value, atMs);
  return accumulator;
}

/** The same, from the definitions. */
function direct(of: readonly Row[]) {
  const values = of.map(({ value }) => value);
  const sorted = values.toSorted((left, right) => left - right);
  const mean = values.reduce((sum, value) => sum + value / values.length, 0);
  const inTime = of.map((row, index) => ({ ...row, index })).toSorted((left, right) => left.atMs - right.atMs || left.index - right.index);
  const quantile = (share: number) => sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1]!;
  return {
    count: values.length,
    sum: values.reduce((sum, value) => sum + value, 0),
    min: sorted[0]!,
    max: sorted.at(-1)!,
    m2: values.reduce((sum, value) => sum + (value - mean) ** 2, 0),
    first: inTime[0]!.value,
    firstAtMs: inTime[0]!.atMs,
    last: inTime.at(-1)!.value,
    lastAtMs: inTime.at(-1)!.atMs,
    quantile,
    size: values.reduce((sum, value) => sum + Math.abs(value), 0),
  };
}

function expectSame(accumulator: RollupAccumulator, of: readonly Row[]): void {
  const cell = accumulator.cell();
  const wanted = direct(of);
  const { count, min, max, first, firstAtMs, last, lastAtMs } = wanted;
  // 0 and -0 are the same to everybody.
  const plain = (values: readonly number[]) => values.map((value) => value + 0);
  expect(plain([cell.count, cell.min, cell.max, cell.first, cell.firstAtMs, cell.last, cell.lastAtMs])).toEqual(
    plain([count, min, max, first, firstAtMs, last, lastAtMs]),
  );
  expect(Math.abs(cell.sum - wanted.sum)).toBeLessThanOrEqual(1e-12 * wanted.size);
  expect(Math.abs(cell.m2 - wanted.m2)).toBeLessThanOrEqual(1e-9 * wanted.m2 + (1e-13 * wanted.size ** 2) / count);
  for (const [share, value] of [
    [0.5, cell.p50],
    [0.95, cell.p95],
    [0.99, cell.p99],
    [0, accumulator.quantile(0)],
    [0.1, accumulator.quantile(0.1)],
    [1, accumulator.quantile(1)],
  ] as const) {
    expect(Math.abs(value - wanted.quantile(share))).toBeLessThanOrEqual(
      (PERCENTILE_RELATIVE_ERROR + 1e-9) * Math.abs(wanted.quantile(share)),
    );
  }
}

describe('an accumulator', () => {
  it('says of values what the definitions say, percentiles within their error', () => {
    fc.assert(
      fc.property(rows, (of) => {
        expectSame(accumulate(of), of);
        expect(accumulate(of).count).toBe(of.length);
      }),
    );
  });

  it('says of cells put together what it says of their values', () => {
    fc.assert(
      fc.property(fc.array(rows, { minLength: 2, maxLength: 5 }), fc.nat(), (parts, chosen) => {
        const start = chosen % parts.length;
        const accumulator = accumulate(parts.slice(0, start).flat());
        for (const part of parts.slice(start)) accumulator.merge(accumulate(part).cell(), accumulate(part).sketch());
        expectSame(accumulator, parts.flat());
        expect(Buffer.from(accumulator.sketch())).toEqual(Buffer.from(accumulate(parts.flat()).sketch()));
      }),
    );
  });

  it('says of one value that value, at every quantile', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const cell = accumulate([{ value, atMs: 7 }]).cell();
        expect([cell.p50, cell.p95, cell.p99].map((quantile) => quantile === value)).toEqual([true, true, true]);
        expect(cell.m2).toBe(0);
      }),
    );
  });

  it('never says infinity', () => {
    const cell = accumulate([Number.MAX_VALUE, Number.MAX_VALUE, -Number.MAX_VALUE].map((value) => ({ value, atMs: 0 }))).cell();
    expect(Object.values(cell).every(Number.isFinite)).toBe(true);
  });

  it('has no cell without values', () => {
    expect(() => new RollupAccumulator().cell()).toThrow(RangeError);
  });
});
