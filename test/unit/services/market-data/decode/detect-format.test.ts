import { describe, expect, it } from 'vitest';
import { decodeChain } from '../../../../../src/services/market-data/decode/decode-chain.ts';
import { detectFormat } from '../../../../../src/services/market-data/decode/detect-format.ts';
import { FeedMalformedError } from '../../../../../src/services/market-data/feed-errors.ts';
import { encode } from './quotes-by-symbol.ts';

describe('detectFormat', () => {
  it.each([
    ['{"timestamp":"2023-09-21 03:17:42","data":{"options":[{"option":"RUT', 'cboe-json'],
    ['\ufeff {\n "data" : {\n "symbol": "^RUT", "options" : [', 'cboe-json'],
    ['\nSome Index,Last: 1\n"Date: x",Bid: 1\nExpiration Date,Calls,Last Sale,Net\n', 'cboe-csv'],
    ['underlying,underlying_last,exchange,optionroot,type\n', 'end-of-day-csv'],
    ['"underlying","underlying_last","exchange","optionroot"\r\n', 'end-of-day-csv'],
    ['snapshot_utc,exchange,underlying,instrument,expiry\r\n', 'deribit-csv'],
    ['snapshot_et,expiry,right,strike,bid\n', 'intraday-csv'],
    ['#expiry,strike,right,open\n', 'lean-universe-csv'],
    ['quoted_at,underlying,expiration\n', 'strikewire-csv'],
    ['ts_et,root,expiry,right,strike,open_interest\r\n', 'SIDE_FILE'],
    ['ts_et,open,high,low,close,volume\r\n', 'SIDE_FILE'],
    ['{"options": []}', null],
    ['[{"data":1,"options":2}]', null],
    ['date,open,high,low,close\n', null],
    ['', null],
    ['\u0000\u0001\u0002', null],
  ])('takes %j for %s', (head, expected) => {
    expect(detectFormat(encode(head))).toBe(expected);
  });
});

describe('decodeChain', () => {
  it.each([
    ['', 'found an empty file'],
    ['date,open\n', 'found a file that begins with "date,open"'],
    ['ts_et,open\n', 'found a file that begins with "ts_et,open"'],
    ['\u0000\u0001\u0002', 'found a file that begins with "\\u0000\\u0001\\u0002"'],
  ])('refuses %j and says what it knows', (text, message) => {
    expect(() => decodeChain('auto', encode(text), 'a.csv')).toThrow(FeedMalformedError);
    expect(() => decodeChain('auto', encode(text), 'a.csv')).toThrow(
      /^a\.csv, line 1: expected the beginning of one of the formats cboe-json, cboe-csv/,
    );
    expect(() => decodeChain('auto', encode(text), 'a.csv')).toThrow(message);
  });
});
