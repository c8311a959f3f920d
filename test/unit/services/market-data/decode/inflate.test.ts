import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createInflate } from '../../../../../src/services/market-data/decode/inflate.ts';
import { FeedMalformedError } from '../../../../../src/services/market-data/feed-errors.ts';

const TEXT = new TextEncoder().encode('expiry,strike\n'.repeat(1000));

describe('inflate', () => {
  it('unpacks gzip and passes everything else through', () => {
    const inflate = createInflate();
    expect(Buffer.compare(inflate(gzipSync(TEXT), 'a.gz'), TEXT)).toBe(0);
    expect(inflate(TEXT, 'named.gz')).toBe(TEXT);
    expect(inflate(new Uint8Array(), 'empty')).toHaveLength(0);
  });

  it('unpacks the same file once, and another one anew', () => {
    const inflate = createInflate();
    const first = inflate(gzipSync(TEXT), 'a.gz');
    expect(inflate(gzipSync(TEXT), 'a.gz')).toBe(first);
    expect(Buffer.from(inflate(gzipSync('other'), 'a.gz')).toString()).toBe('other');
    expect(Buffer.compare(inflate(gzipSync(TEXT), 'a.gz'), TEXT)).toBe(0);
  });

  it('refuses a file that is cut off, or damaged', () => {
    const packed = gzipSync(TEXT);
    expect(() => createInflate()(packed.subarray(0, packed.length - 20), 'cut.csv.gz')).toThrow(FeedMalformedError);
    expect(() => createInflate()(packed.subarray(0, packed.length - 20), 'cut.csv.gz')).toThrow(
      /^cut\.csv\.gz: expected a complete gzip stream, found \d+ bytes that cannot be unpacked \(unexpected end of file\)$/,
    );
    const damaged = Buffer.from(packed);
    damaged[20]! ^= 0xff;
    expect(() => createInflate()(damaged, 'bad.csv.gz')).toThrow(FeedMalformedError);
  });
});
