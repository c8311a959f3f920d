import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodePosition,
  decodeValuePosition,
  encodePosition,
  encodeValuePosition,
  type ValueCursorKind,
} from '../../../../src/services/stream-log/cursor.ts';
import { MalformedCursorError } from '../../../../src/services/stream-log/malformed-cursor-error.ts';

const ORDERS = {
  stream: {
    version: 5,
    encode: () => encodePosition('results', { atMs: 25, sequence: 7 }),
    decode: (cursor: string) => decodePosition('results', cursor),
  },
  score: ofValue('score', 3),
  returnOnRisk: ofValue('returnOnRisk', 4),
};

const aPosition = fc.record({ atMs: fc.integer({ min: 0, max: 253_402_300_799_999 }), sequence: fc.maxSafeNat() });

describe('stream cursor', () => {
  it('gives back the position it was made from', () => {
    fc.assert(
      fc.property(aPosition, (position) => {
        expect(decodePosition('results', encodePosition('results', position))).toEqual(position);
      }),
    );
  });

  it('carries any value a page may be ordered by', () => {
    const anyValue = fc.double({ noNaN: true });
    fc.assert(
      fc.property(fc.constantFrom('score', 'returnOnRisk'), anyValue, fc.maxSafeNat(), (metric, value, sequence) => {
        expect(decodeValuePosition(metric, encodeValuePosition(metric, { value, sequence }))).toEqual({ value, sequence });
      }),
    );
  });

  it('refuses a cursor in which one character was changed', () => {
    fc.assert(
      fc.property(aPosition, fc.nat(27), fc.constantFrom(...'ABCxyz019-_'), (position, index, letter) => {
        const cursor = encodePosition('results', position);
        fc.pre(cursor[index] !== letter);
        const damaged = cursor.slice(0, index) + letter + cursor.slice(index + 1);
        expect(() => decodePosition('results', damaged)).toThrow(MalformedCursorError);
      }),
    );
  });

  it('refuses any text that is not a cursor, saying what it got', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 100 }), (text) => {
        expect(() => decodePosition('results', text)).toThrow(MalformedCursorError);
      }),
    );
    expect(() => decodePosition('results', '')).toThrow('expected a cursor of 28 base64url characters, got ""');
    expect(() => decodePosition('results', 'A'.repeat(28))).toThrow('whose checksum does not fit');
  });

  it.each(Object.entries(ORDERS))('refuses a cursor of a page in another order than by %s', (name, { version, encode, decode }) => {
    expect(() => decode(encode())).not.toThrow();
    const others = Object.values(ORDERS).filter((other) => other.version !== version);
    expect(others).toHaveLength(2);
    for (const other of others) {
      expect(() => decode(other.encode())).toThrow(`expected a cursor of version ${version} (${name}), got version ${other.version}`);
    }
  });

  it('refuses a position in another stream', () => {
    const cursor = encodePosition('results', { atMs: 25, sequence: 7 });
    expect(() => decodePosition('alerts', cursor)).toThrow('whose checksum does not fit (is it of another stream than alerts?)');
  });

  it('takes a position as given out while the streams shared one version', () => {
    const earlier = Buffer.from(encodePosition('results', { atMs: 25, sequence: 7 }), 'base64url');
    earlier[0] = 1;
    earlier.writeUInt32BE(crc32(earlier.subarray(0, 17)), 17);
    expect(decodePosition('results', earlier.toString('base64url'))).toEqual({ atMs: 25, sequence: 7 });
  });

  it('refuses a cursor as given out while the orders by a value shared one version', () => {
    const retired = Buffer.from(encodeValuePosition('score', { value: 25, sequence: 7 }), 'base64url');
    retired[0] = 2;
    retired.writeUInt32BE(crc32(retired.subarray(0, 17)), 17);
    expect(() => decodeValuePosition('score', retired.toString('base64url'))).toThrow('got version 2');
  });

  it('refuses a time that no row can have', () => {
    expect(() => decodePosition('results', encodePosition('results', { atMs: 253_402_300_800_000, sequence: 1 }))).toThrow(
      MalformedCursorError,
    );
    expect(() => decodePosition('results', encodePosition('results', { atMs: Number.NaN, sequence: 1 }))).toThrow(MalformedCursorError);
    expect(() => decodeValuePosition('score', encodeValuePosition('score', { value: Number.NaN, sequence: 1 }))).toThrow(
      MalformedCursorError,
    );
  });
});

function ofValue(kind: ValueCursorKind, version: number) {
  return {
    version,
    encode: () => encodeValuePosition(kind, { value: 25, sequence: 7 }),
    decode: (cursor: string) => decodeValuePosition(kind, cursor),
  };
}
