import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Transaction } from '../../../src/db/client.ts';
import { columnName } from '../../../src/db/column-name.ts';
import { copyInto, copyJson, copyNumber, copyString, copyTextArray, copyTimestamp } from '../../../src/db/copy-text.ts';

describe('COPY text', () => {
  it('writes numbers exactly and unknown ones as NULL', () => {
    expect([0.1, -5, 1e-7, 123_456_789.123_456_78].map(copyNumber)).toEqual(['0.1', '-5', '1e-7', '123456789.12345678']);
    expect([null, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map(copyNumber)).toEqual(['\\N', '\\N', '\\N', '\\N']);
  });

  it('escapes what the format gives a meaning', () => {
    expect(copyString('a\tb\nc\rd\\e')).toBe('a\\tb\\nc\\rd\\\\e');
    expect(copyString('nul\0byte')).toBe('nulbyte');
    expect(copyString('\\N')).toBe('\\\\N');
  });

  it('writes lists and objects so that they survive both formats', () => {
    expect(copyTextArray(['a "b"', 'c\\d', 'e,f', ''])).toBe('{"a \\\\"b\\\\"","c\\\\\\\\d","e,f",""}');
    expect(copyJson({ text: 'a"b' })).toBe('{"text":"a\\\\"b"}');
  });

  it('writes times in UTC', () => {
    expect(copyTimestamp(1_234_567_890_123)).toBe('2009-02-13T23:31:30.123Z');
  });

  it('names columns as the tables do', () => {
    expect(columnName('probabilityInTheMoney')).toBe('probability_in_the_money');
    expect(columnName('delta')).toBe('delta');
  });

  it('is sent in pieces, each in a turn of the event loop of its own', async () => {
    const lines = Array.from({ length: 5_000 }, (_, index) => `${index}\t${'x'.repeat(200)}\n`);
    const sent: { readonly text: string; readonly turn: number }[] = [];
    let turn = 0;
    const immediately = () => {
      turn++;
      counting = setImmediate(immediately);
    };
    let counting = setImmediate(immediately);
    // A connection that takes everything at once: nothing but the pieces asks for a turn.
    const stream = new Writable({
      decodeStrings: false,
      write(text: string, _encoding, taken) {
        sent.push({ text, turn });
        taken();
      },
    });
    const transaction = { unsafe: () => ({ writable: async () => stream }) } as unknown as Transaction;
    await copyInto(transaction, 'lines', 'number, text', lines);
    clearImmediate(counting);
    expect(sent.map(({ text }) => text).join('')).toBe(lines.join(''));
    expect(sent.length).toBeGreaterThan(5);
    expect(Math.max(...sent.map(({ text }) => text.length))).toBeLessThan(150_000);
    expect(new Set(sent.map((piece) => piece.turn)).size).toBe(sent.length);
  });
});
