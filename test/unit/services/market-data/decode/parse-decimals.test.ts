import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCsvLine, readCsvLine } from '../../../../../src/services/market-data/decode/csv-line.ts';
import { parseDecimals } from '../../../../../src/services/market-data/decode/parse-decimals.ts';

function parse(text: string): { value: number; fault: number } {
  const bytes = Buffer.from(`x,${text.replaceAll('"', '')},y\n`);
  const line = createCsvLine();
  readCsvLine(bytes, 0, line);
  const into = new Float64Array(1);
  const fault = parseDecimals(bytes, line, Int32Array.of(1), into);
  return { value: into[0]!, fault };
}

describe('parseDecimals', () => {
  it('reads plain decimals to the last bit as Number does', () => {
    const whole = fc.bigInt({ min: 0n, max: 10n ** 18n });
    fc.assert(
      fc.property(whole, fc.integer({ min: 0, max: 18 }), fc.constantFrom('', '-', '+'), (digits, decimals, sign) => {
        const padded = digits.toString().padStart(decimals + 1, '0');
        const text = `${sign}${padded.slice(0, padded.length - decimals)}.${padded.slice(padded.length - decimals)}`;
        expect(parse(text)).toEqual({ value: Number(text), fault: -1 });
      }),
    );
  });

  it('reads every way in which JavaScript writes a finite number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(parse(String(value))).toEqual({ value: Number(String(value)), fault: -1 });
      }),
    );
  });

  it.each(['0', '.5', '5.', '007', ' 12.5 ', '3.535e-05', '1E3', '1e999', '-1e999', '0.1000000000000000055'])('reads %s', (text) => {
    expect(parse(text)).toEqual({ value: Number(text), fault: -1 });
  });

  it.each(['+', '.', '-.', '1.2.3', '0x10', 'Infinity', '12abc', '--1', '1e', '٣', `1${'0'.repeat(80)}`])(
    'finds no number in %j',
    (text) => {
      expect(parse(text)).toEqual({ value: Number.NaN, fault: 1 });
    },
  );

  it.each(['', ' ', 'NaN', 'nan', 'null', 'None', 'N/A', 'NA', '-', '--'])('takes %j for a number that is not there', (text) => {
    expect(parse(text)).toEqual({ value: Number.NaN, fault: -1 });
  });

  it('reads several fields at once, whatever their order, and those the line does not have', () => {
    const bytes = Buffer.from('1.5,abc,-7,xyz\n');
    const line = createCsvLine();
    readCsvLine(bytes, 0, line);
    const into = new Float64Array(6).fill(9);
    expect(parseDecimals(bytes, line, Int32Array.of(2, -1, 0, 4, 3, 1), into)).toBe(3);
    expect(Array.from(into)).toEqual([-7, Number.NaN, 1.5, Number.NaN, Number.NaN, Number.NaN]);
  });
});
