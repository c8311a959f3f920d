import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainStringEnd, readJsonNumber, skipJsonSpace } from '../../../../../src/services/market-data/decode/json-bytes.ts';

function read(text: string): { value: number; end: number } {
  const into = Float64Array.of(Number.NaN);
  return { end: readJsonNumber(Buffer.from(text), 0, into, 0), value: into[0]! };
}

describe('readJsonNumber', () => {
  it('reads every number as JSON.parse does, to the last bit', () => {
    const digits = fc.stringMatching(/^(0|[1-9]\d{0,20})(\.\d{1,20})?([eE][+-]?\d{1,3})?$/);
    fc.assert(
      fc.property(fc.constantFrom('', '-'), digits, (sign, text) => {
        expect(read(sign + text)).toEqual({ value: JSON.parse(sign + text), end: sign.length + text.length });
      }),
    );
  });

  it('refuses what JSON.parse refuses', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[-+.eE0-9]{1,6}$/), (text) => {
        let expected: number | undefined;
        try {
          expected = JSON.parse(text) as number;
        } catch {
          expected = undefined;
        }
        const { value, end } = read(text);
        expect(end === text.length ? value : undefined).toEqual(expected);
      }),
      { numRuns: 1_000 },
    );
  });

  it('only checks where it is given no place', () => {
    const into = Float64Array.of(7);
    expect(readJsonNumber(Buffer.from('12.5,'), 0, into, -1)).toBe(4);
    expect(readJsonNumber(Buffer.from('1.'), 0, into, -1)).toBe(-1);
    expect(into[0]).toBe(7);
  });
});

it('plainStringEnd finds the closing quote of plain ASCII and nothing else', () => {
  expect(plainStringEnd(Buffer.from('"no change" '), 1)).toBe(10);
  for (const text of ['"a\\"b"', '"a\tb"', '"é"', '"a', '"a\u007fb"']) expect(plainStringEnd(Buffer.from(text), 1)).toBe(-1);
});

it('skipJsonSpace passes over the white space of JSON only', () => {
  expect(skipJsonSpace(Buffer.from(' \t\r\n,'), 0)).toBe(4);
  expect(skipJsonSpace(Buffer.from(' \v,'), 0)).toBe(1);
  expect(skipJsonSpace(Buffer.from('  '), 0)).toBe(2);
});
