import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDecimal } from '../../../../../src/services/market-data/decode/parse-decimal.ts';

function parse(text: string): number {
  const bytes = new TextEncoder().encode(`,${text},`);
  return parseDecimal(bytes, 1, bytes.length - 1);
}

describe('parseDecimal', () => {
  it('reads plain decimals to the last bit as Number does', () => {
    const whole = fc.bigInt({ min: 0n, max: 10n ** 18n });
    fc.assert(
      fc.property(whole, fc.integer({ min: 0, max: 18 }), fc.constantFrom('', '-', '+'), (digits, decimals, sign) => {
        const padded = digits.toString().padStart(decimals + 1, '0');
        const text = `${sign}${padded.slice(0, padded.length - decimals)}.${padded.slice(padded.length - decimals)}`;
        expect(parse(text)).toBe(Number(text));
      }),
    );
  });

  it('reads every way in which JavaScript writes a finite number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(parse(String(value))).toBe(Number(String(value)));
      }),
    );
  });

  it.each(['0', '.5', '5.', '007', ' 12.5 ', '3.535e-05', '1E3', '1e999', '-1e999', '0.1000000000000000055'])('reads %s', (text) => {
    expect(parse(text)).toBe(Number(text));
  });

  it.each(['', ' ', '-', '+', '.', '-.', '1.2.3', '1,5', '0x10', 'NaN', 'Infinity', '12abc', '--1', '1e', '٣', `1${'0'.repeat(80)}`])(
    'finds no number in %j',
    (text) => {
      expect(parse(text)).toBeNaN();
    },
  );
});
