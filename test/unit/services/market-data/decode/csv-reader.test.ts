import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCsvReader } from '../../../../../src/services/market-data/decode/csv-reader.ts';

function readAll(text: string | Uint8Array): string[][] {
  const csv = createCsvReader(typeof text === 'string' ? new TextEncoder().encode(text) : text);
  const lines: string[][] = [];
  while (csv.next()) lines.push(Array.from({ length: csv.fieldCount() }, (_, field) => csv.text(field)));
  return lines;
}

describe('a CSV reader', () => {
  it.each([
    ['LF', 'a,b\nc,d\n'],
    ['CRLF', 'a,b\r\nc,d\r\n'],
    ['no last line break', 'a,b\nc,d'],
    ['CRLF without the last', 'a,b\r\nc,d'],
    ['empty lines', '\na,b\n\n\r\nc,d\n\n'],
    ['a byte order mark', '\ufeffa,b\nc,d\n'],
    ['quotes', '"a","b"\n"c","d"\n'],
    ['quotes and CRLF', 'a,"b"\r\n"c","d"\r\n'],
    ['a quote at the very end', 'a,b\nc,"d"'],
  ])('reads lines with %s', (_, text) => {
    expect(readAll(text)).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  it('keeps commas and doubled quotes within quotes, and empty fields', () => {
    expect(readAll('"December 12, 2022",,"say ""so""",\n')).toEqual([['December 12, 2022', '', 'say "so"', '']]);
  });

  it('reads back whatever is written by the book', () => {
    const field = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll(/[\r\n\0\ufeff]/g, ' '));
    const table = fc.array(fc.array(field, { minLength: 2, maxLength: 8 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(table, fc.constantFrom('\n', '\r\n'), (rows, lineBreak) => {
        const text = rows.map((row) => row.map((content) => `"${content.replaceAll('"', '""')}"`).join(',')).join(lineBreak);
        expect(readAll(text)).toEqual(rows);
      }),
    );
  });

  it('loses one line to a lost quote, not the rest of the file', () => {
    expect(readAll('a,"b,c\nd,e\n')).toEqual([
      ['a', 'b,c'],
      ['d', 'e'],
    ]);
  });

  it('passes over fields beyond the 64th', () => {
    const [line] = readAll(`${Array.from({ length: 100 }, (_, i) => i).join(',')}\n`);
    expect(line).toHaveLength(64);
    expect(line!.at(-1)).toBe('63');
  });

  it('reads invalid UTF-8 without falling over', () => {
    expect(readAll(Uint8Array.of(0xff, 0xfe, 44, 0xc3, 10, 97, 44, 98))).toEqual([
      ['\ufffd\ufffd', '\ufffd'],
      ['a', 'b'],
    ]);
  });

  it('numbers lines as an editor does', () => {
    const csv = createCsvReader(new TextEncoder().encode('h,h\n\nx,y\n'));
    csv.next();
    expect(csv.line()).toBe(1);
    csv.next();
    expect(csv.line()).toBe(3);
    expect(csv.next()).toBe(false);
  });

  it('reads the numbers of a line, and names the first field that is none', () => {
    const csv = createCsvReader(new TextEncoder().encode('h,h\n1.5,,abc,"2.5"\n7,x\n'));
    const values = new Float64Array(4);
    csv.next();
    csv.next();
    expect(csv.numbers(Int32Array.of(0, 1, 3, 9), values)).toBe(-1);
    expect(Array.from(values)).toEqual([1.5, Number.NaN, 2.5, Number.NaN]);
    expect(csv.numbers(Int32Array.of(0, 2), values)).toBe(2);
    csv.next();
    expect(csv.numbers(Int32Array.of(0, 2), values)).toBe(-1);
    expect(values[0]).toBe(7);
    csv.next();
    expect(csv.numbers(Int32Array.of(0), values)).toBe(-1);
    expect(values[0]).toBeNaN();
  });
});
