import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BLOCK_WIDTH, createQuoteBlock } from '../../../../../src/domain/chain/quote-block.ts';
import { createCboeLines, learnCboeSeries, scanCboeLines } from '../../../../../src/services/market-data/decode/cboe-line-scanner.ts';
import { decodeCboeCsv } from '../../../../../src/services/market-data/decode/decode-cboe-csv.ts';
import { encode } from './quotes-by-symbol.ts';

const SIDE = 'Last Sale,Net,Bid,Ask,Volume,IV,Delta,Gamma,Open Interest';
const PREAMBLE = `\nSome Index,Last: 3990.5601\n"Date: December 12, 2022 at 8:30 PM EST"\nExpiration Date,Calls,${SIDE},Strike,Puts,${SIDE}\n`;
const LEARNED = 'Tue Dec 13 2022,SPXW221213C03600000,1,0,2,3,4,0.5,0.6,0,5,3600.00,SPXW221213P03600000,1,0,2,3,4,0.5,-0.6,0,5\n';

/** Reads `line` behind one that was learned; null when it is left to the CSV reader. */
function scan(line: string): number[] | null {
  const lines = createCboeLines(encode(LEARNED + line));
  const seriesStart = LEARNED.indexOf('SPXW');
  learnCboeSeries(lines, 0, seriesStart, seriesStart + 'SPXW221213'.length, 7);
  const block = createQuoteBlock(5);
  const end = scanCboeLines(lines, LEARNED.length, 2, block);
  if (block.size === 0) return end === LEARNED.length ? null : [end];
  expect(end).toBe(LEARNED.length + line.length);
  expect([...block.expiration.subarray(0, block.size)]).toEqual([7, 7]);
  expect([...block.right.subarray(0, block.size)]).toEqual([0, 1]);
  expect([...block.position.subarray(0, block.size)]).toEqual([2, 2]);
  return Array.from(block.numbers.subarray(0, 2 * BLOCK_WIDTH));
}

describe('a scanner of lines as Cboe writes them', () => {
  it.each([
    ['a line feed', '\n'],
    ['CRLF', '\r\n'],
  ])('reads both sides of a line that ends with %s', (_, lineBreak) => {
    const line = `Tue Dec 13 2022,SPXW221213C03700000,383.52,39.87,382.1,391,12,0.5702,0.9979,0.1,5,3700.00,SPXW221213P03700000,0.1,-0.225,,0.05,1168,0.6909,-0.0021,0,3251${lineBreak}`;
    const values = scan(line)!;
    expect(values.slice(0, BLOCK_WIDTH)).toEqual([3700, 383.52, 382.1, 391, 12, 0.5702, 0.9979, 5]);
    expect(values.slice(BLOCK_WIDTH)).toEqual([3700, 0.1, Number.NaN, 0.05, 1168, 0.6909, -0.0021, 3251]);
  });

  it.each([
    ['another date', (line: string) => line.replace('Tue', 'Wed')],
    ['another series', (line: string) => line.replaceAll('221213', '221214')],
    ['a put of another series', (line: string) => line.replace('SPXW221213P', 'SPXW221214P')],
    ['a put of another strike', (line: string) => line.replace('P03600000', 'P03600001')],
    ['a strike that is not that of its contracts', (line: string) => line.replace('3600.00', '3600.01')],
    ['call and put the other way round', (line: string) => line.replace('C036', 'X036').replace('P036', 'C036').replace('X036', 'P036')],
    ['a quoted field', (line: string) => line.replace('0.6', '"0.6"')],
    ['a quoted field that is passed over', (line: string) => line.replace(',0,5,', ',"0",5,')],
    ['an exponent', (line: string) => line.replace('0.6', '6e-1')],
    ['a space', (line: string) => line.replace('0.6', ' 0.6')],
    ['a plus', (line: string) => line.replace('0.6', '+0.6')],
    ['two points', (line: string) => line.replace('0.6', '0.6.1')],
    ['a minus alone', (line: string) => line.replace('0.6', '-')],
    ['ten digits', (line: string) => line.replace('0.6', '0.123456789')],
    ['a word', (line: string) => line.replace('0.6', 'oops')],
    ['a field less', (line: string) => line.replace(',5\n', '\n')],
    ['a field more', (line: string) => line.replace('\n', ',\n')],
    ['no end', (line: string) => line.trimEnd()],
    ['its end in the middle', (line: string) => `${line.slice(0, 70)}\n`],
  ])('leaves a line with %s to the CSV reader', (_, change) => {
    expect(scan(LEARNED)).not.toBeNull();
    expect(change(LEARNED)).not.toBe(LEARNED);
    expect(scan(change(LEARNED))).toBeNull();
  });

  it('reads nothing before it has learned a line', () => {
    const block = createQuoteBlock(5);
    expect(scanCboeLines(createCboeLines(encode(LEARNED)), 0, 1, block)).toBe(0);
    expect(block.size).toBe(0);
  });

  it('stops when there is no room for another line', () => {
    const lines = createCboeLines(encode(LEARNED.repeat(4)));
    const seriesStart = LEARNED.indexOf('SPXW');
    learnCboeSeries(lines, 0, seriesStart, seriesStart + 'SPXW221213'.length, 7);
    const block = createQuoteBlock(5);
    expect(scanCboeLines(lines, 0, 1, block)).toBe(2 * LEARNED.length);
    expect([...block.position.subarray(0, block.size)]).toEqual([1, 1, 2, 2]);
  });
});

const plainNumber = fc
  .tuple(fc.constantFrom('', '', '-'), fc.nat({ max: 99_999 }), fc.option(fc.stringMatching(/^\d{0,4}$/), { nil: null }))
  .map(([sign, whole, decimals]) => `${sign}${whole}${decimals === null ? '' : `.${decimals}`}`);
const numberText = fc.oneof(
  { weight: 60, arbitrary: plainNumber },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', '-', '.5', '1e2', ' 7 ', '+3', 'nan', 'oops', '0.12345678901', '1.2.3', '-999', '1000000000000'),
  },
);
const lineText = fc
  .record({
    // Two roots of one date, one that expires before the quote, one of another index, one without a date.
    series: fc.constantFrom('SPXW221216', 'SPXW221216', 'SPX221216', 'SPX221216', 'SPXW221212', 'RUT221216', 'SPXW229916'),
    strike: fc.constantFrom(3500, 3500.5, 3600, 3700),
    sides: fc.tuple(fc.array(numberText, { minLength: 9, maxLength: 9 }), fc.array(numberText, { minLength: 9, maxLength: 9 })),
    fault: fc.constantFrom(...Array.from({ length: 12 }, () => ''), 'strike', 'right', 'short', 'long', 'put'),
    lineBreak: fc.constantFrom('\n', '\n', '\r\n', '\n\n'),
  })
  .map(({ series, strike, sides: [call, put], fault, lineBreak }) => {
    const terms = String(strike * 1000).padStart(8, '0');
    const fields = [
      'Fri Dec 16 2022',
      `${series}${fault === 'right' ? 'P' : 'C'}${terms}`,
      ...call,
      fault === 'strike' ? '1.00' : strike.toFixed(2),
      `${fault === 'put' ? 'SPXW221223' : series}P${terms}`,
      ...put,
      ...(fault === 'long' ? [''] : []),
    ];
    return `${(fault === 'short' ? fields.slice(0, 15) : fields).join(',')}${lineBreak}`;
  });

/** Quotes around the symbol of every call keep the scanner away from every line, and mean nothing to the CSV reader. */
function withQuotes(table: string): string {
  return table.replaceAll(/^(Fri Dec 16 2022),([^,]*)/gm, '$1,"$2"');
}

describe('decodeCboeCsv', () => {
  it('finds the same in a table with its scanner as without', () => {
    fc.assert(
      fc.property(fc.array(lineText, { minLength: 1, maxLength: 40 }), (lines) => {
        const sound = 'Fri Dec 16 2022,SPXW221216C03400000,1,0,2,3,4,0.5,0.6,0,5,3400.00,SPXW221216P03400000,1,0,2,3,4,0.5,-0.6,0,5\n';
        // As many sound lines as others, so that the table is not refused.
        const more = lines.map((_, index) => sound.replaceAll('034', `0${40 + index}`).replace('3400', `${40 + index}00`));
        const table = [sound, ...lines, ...more].join('');
        const read = (text: string) => {
          const { quotes, expirations, drops } = decodeCboeCsv(encode(PREAMBLE + text), 'spx.csv');
          return { quotes, expirations, drops };
        };
        expect(read(table)).toEqual(read(withQuotes(table)));
      }),
    );
  });
});
