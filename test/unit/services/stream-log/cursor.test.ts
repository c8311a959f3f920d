import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePosition, decodeValuePosition, encodePosition, encodeValuePosition } from '../../../../src/services/stream-log/cursor.ts';
import { MalformedCursorError } from '../../../../src/services/stream-log/malformed-cursor-error.ts';

const aPosition = fc.record({ atMs: fc.maxSafeNat(), sequence: fc.maxSafeNat() });

describe('stream cursor', () => {
  it('gives back the position it was made from', () => {
    fc.assert(
      fc.property(aPosition, (position) => {
        expect(decodePosition(encodePosition(position))).toEqual(position);
      }),
    );
  });

  it('carries any value a page may be ordered by', () => {
    const anyValue = fc.double({ noNaN: true });
    fc.assert(
      fc.property(anyValue, fc.maxSafeNat(), (value, sequence) => {
        expect(decodeValuePosition(encodeValuePosition({ value, sequence }))).toEqual({ value, sequence });
      }),
    );
  });

  it('refuses a cursor in which one character was changed', () => {
    fc.assert(
      fc.property(aPosition, fc.nat(27), fc.constantFrom(...'ABCxyz019-_'), (position, index, letter) => {
        const cursor = encodePosition(position);
        fc.pre(cursor[index] !== letter);
        const damaged = cursor.slice(0, index) + letter + cursor.slice(index + 1);
        expect(() => decodePosition(damaged)).toThrow(MalformedCursorError);
      }),
    );
  });

  it('refuses any text that is not a cursor, saying what it got', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 100 }), (text) => {
        expect(() => decodePosition(text)).toThrow(MalformedCursorError);
      }),
    );
    expect(() => decodePosition('')).toThrow('expected a cursor of 28 base64url characters, got ""');
    expect(() => decodePosition('A'.repeat(28))).toThrow('whose checksum does not fit');
  });

  it('refuses a cursor of another kind of page', () => {
    const byValue = encodeValuePosition({ value: 0.25, sequence: 7 });
    expect(() => decodePosition(byValue)).toThrow('expected a cursor of version 1 (position), got version 2');
    expect(() => decodeValuePosition(encodePosition({ atMs: 1, sequence: 1 }))).toThrow(
      'expected a cursor of version 2 (value), got version 1',
    );
  });
});
