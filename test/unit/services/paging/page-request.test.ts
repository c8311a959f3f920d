import { describe, expect, it } from 'vitest';
import { decodeKeyCursor, encodeKeyCursor } from '../../../../src/services/paging/key-cursor.ts';
import { pageOf } from '../../../../src/services/paging/page.ts';
import { parsePageRequest } from '../../../../src/services/paging/page-request.ts';

const limits = { defaultSize: 50, maximumSize: 100 };

describe('page request', () => {
  it('takes the default size when none is asked for', () => {
    expect(parsePageRequest({}, limits)).toEqual({ direction: 'forward', limit: 50, cursor: null });
    expect(parsePageRequest({ before: 'x' }, limits)).toEqual({ direction: 'backward', limit: 50, cursor: 'x' });
  });

  it('grants the maximum and refuses one more, saying both numbers', () => {
    expect(parsePageRequest({ first: 100 }, limits).limit).toBe(100);
    expect(() => parsePageRequest({ first: 101 }, limits)).toThrow('expected at most 100 rows in a page (first), got 101');
    expect(() => parsePageRequest({ last: 101 }, limits)).toThrow('expected at most 100 rows in a page (last), got 101');
  });

  it('takes zero rows and refuses a negative count', () => {
    expect(parsePageRequest({ first: 0 }, limits).limit).toBe(0);
    expect(() => parsePageRequest({ first: -1 }, limits)).toThrow('expected a count ≥ 0, got -1');
  });

  it('refuses both directions at once', () => {
    expect(() => parsePageRequest({ first: 1, before: 'x' }, limits)).toThrow('expected first/after or last/before, got both');
  });

  it('turns pages read backward around and tells on which side there is more', () => {
    expect(pageOf([1, 2, 3], { direction: 'forward', limit: 2, cursor: null })).toEqual({
      rows: [1, 2],
      hasNextPage: true,
      hasPreviousPage: false,
    });
    expect(pageOf([9, 8, 7], { direction: 'backward', limit: 2, cursor: 'x' })).toEqual({
      rows: [8, 9],
      hasNextPage: true,
      hasPreviousPage: true,
    });
    expect(pageOf([9], { direction: 'backward', limit: 2, cursor: null })).toEqual({
      rows: [9],
      hasNextPage: false,
      hasPreviousPage: false,
    });
  });
});

describe('key cursor', () => {
  it('gives back its key, for the kind of list it is from only', () => {
    const cursor = encodeKeyCursor('underlying', 'BRK.B: ünïcode');
    expect(decodeKeyCursor('underlying', cursor)).toBe('BRK.B: ünïcode');
    expect(() => decodeKeyCursor('filter', cursor)).toThrow('expected a cursor of a list of filters');
  });

  it.each(['', 'nonsense', 'a'.repeat(10_000)])('refuses %j', (text) => {
    expect(() => decodeKeyCursor('filter', text)).toThrow('expected a cursor of a list of filters');
  });
});
