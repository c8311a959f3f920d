import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileFilter } from '../../../../src/domain/filters/compile-filter.ts';
import type { FilterCriteria } from '../../../../src/domain/filters/filter-criteria.ts';
import { parseFilterCriteria } from '../../../../src/domain/filters/parse-filter-criteria.ts';
import { anyCriteria, subjects } from './filter-arbitraries.ts';

function issuesOf(input: unknown): string[] {
  const parsed = parseFilterCriteria(input);
  return parsed.kind === 'invalid' ? parsed.issues.map(({ path, message }) => `${path}: ${message}`) : [];
}

function criteriaOf(input: unknown): FilterCriteria {
  const parsed = parseFilterCriteria(input);
  if (parsed.kind === 'invalid') throw new Error(issuesOf(input).join('; '));
  return parsed.criteria;
}

function nested(depth: number): unknown {
  return depth === 1 ? {} : { all: [nested(depth - 1)] };
}

describe('what is accepted', () => {
  it('comes back in canonical form', () => {
    const input = {
      symbols: { in: [' spx', 'RUT', 'SPX'], notIn: [] },
      strategies: { notIn: ['LONG_CALL', 'LONG_CALL'] },
      expiration: { min: '2024-02-29', max: null },
      metrics: { delta: { min: -0.3, max: 0.3, isNull: false }, score: { isNull: true }, theta: {}, vega: null },
      all: [],
      any: [{ metrics: { ivRank: { min: 50 } } }, {}],
      none: null,
    };
    expect(criteriaOf(input)).toEqual({
      symbols: { in: ['SPX', 'RUT'] },
      strategies: { notIn: ['LONG_CALL'] },
      expiration: { min: '2024-02-29' },
      metrics: { delta: { min: -0.3, max: 0.3 }, score: { isNull: true } },
      any: [{ metrics: { ivRank: { min: 50 } } }, {}],
    });
  });

  it('may be objects without a prototype, as a GraphQL server makes them', () => {
    const range = Object.assign(Object.create(null) as object, { min: 1 });
    const input = Object.assign(Object.create(null) as object, { metrics: Object.assign(Object.create(null) as object, { vega: range }) });
    expect(criteriaOf(input)).toEqual({ metrics: { vega: { min: 1 } } });
  });

  it('means the same as before, and parsing again changes nothing', () => {
    fc.assert(
      fc.property(anyCriteria, subjects, (input, subject) => {
        const parsed = parseFilterCriteria(input);
        fc.pre(parsed.kind === 'valid');
        expect(compileFilter(parsed.criteria).matches(subject)).toBe(compileFilter(input).matches(subject));
        expect(criteriaOf(parsed.criteria)).toEqual(parsed.criteria);
        expect(criteriaOf(JSON.parse(JSON.stringify(parsed.criteria)))).toEqual(parsed.criteria);
      }),
    );
  });

  it('is groups 8 deep and 200 in all', () => {
    expect(issuesOf(nested(8))).toEqual([]);
    expect(issuesOf({ any: Array.from({ length: 199 }, () => ({})) })).toEqual([]);
  });

  it('is 1,000 symbols', () => {
    expect(issuesOf({ symbols: { in: Array.from({ length: 1_000 }, (_, index) => `S${index}`) } })).toEqual([]);
  });
});

describe('what is refused, with its path', () => {
  it.each<[unknown, string]>([
    [null, ': expected an object with symbols, strategies, expiration, metrics, all, any, none, got null'],
    [[], ': expected an object with symbols, strategies, expiration, metrics, all, any, none, got a list of 0'],
    [
      { metric: {} },
      'metric: expected one of symbols, strategies, expiration, metrics, all, any, none, got "metric"; did you mean metrics?',
    ],
    [{ metrics: { shortdelta: { min: 0 } } }, 'metrics.shortdelta: expected a known name, got "shortdelta"; did you mean shortDelta?'],
    [
      { metrics: { impliedVolatilty: {} } },
      'metrics.impliedVolatilty: expected a known name, got "impliedVolatilty"; did you mean impliedVolatility?',
    ],
    [{ metrics: { zzzzzz: {} } }, 'metrics.zzzzzz: expected a known name, got "zzzzzz"'],
    [{ metrics: { delta: { minimum: 1 } } }, 'metrics.delta.minimum: expected one of min, max, isNull, got "minimum"'],
    [{ metrics: { delta: { min: 0.3, max: 0.2 } } }, 'metrics.delta: expected min ≤ max (0.2), got 0.3'],
    [{ metrics: { delta: { min: Number.NaN } } }, 'metrics.delta.min: expected a finite number, got NaN'],
    [{ metrics: { delta: { max: Number.POSITIVE_INFINITY } } }, 'metrics.delta.max: expected a finite number, got Infinity'],
    [{ metrics: { delta: { max: '1' } } }, 'metrics.delta.max: expected a finite number, got "1"'],
    [{ metrics: { delta: { isNull: 1 } } }, 'metrics.delta.isNull: expected true or false, got 1'],
    [
      { metrics: { delta: { isNull: true, min: 1 } } },
      'metrics.delta: expected isNull: true without min and max, an unknown value lies in no range, got an object',
    ],
    [{ metrics: { delta: 5 } }, 'metrics.delta: expected an object with min, max, isNull, got 5'],
    [{ symbols: { in: [] } }, 'symbols.in: expected at least one value, got a list of 0'],
    [{ symbols: { in: ['a b'] } }, 'symbols.in.0: expected a symbol of 1 to 32 letters, digits, ".", "_", "/" or "-", got "a b"'],
    [{ symbols: { in: 'SPX' } }, 'symbols.in: expected a list of at most 1000 values, got "SPX"'],
    [
      { symbols: { notIn: Array.from({ length: 1_001 }, () => 'A') } },
      'symbols.notIn: expected a list of at most 1000 values, got a list of 1001',
    ],
    [{ strategies: { in: ['IRON_CONDORS'] } }, 'strategies.in.0: expected a strategy, got "IRON_CONDORS"; did you mean IRON_CONDOR?'],
    [{ strategies: { in: [7] } }, 'strategies.in.0: expected a strategy, got 7'],
    [
      { expiration: { min: '2024-02-30' } },
      'expiration.min: expected a date of the calendar from 0001-01-01 on, YYYY-MM-DD, got "2024-02-30"',
    ],
    [{ expiration: { max: '20240216' } }, 'expiration.max: expected a date of the calendar from 0001-01-01 on, YYYY-MM-DD, got "20240216"'],
    [
      { expiration: { min: '0000-12-31' } },
      'expiration.min: expected a date of the calendar from 0001-01-01 on, YYYY-MM-DD, got "0000-12-31"',
    ],
    [{ expiration: { min: '2024-02-16', max: '2024-02-15' } }, 'expiration: expected min ≤ max (2024-02-15), got "2024-02-16"'],
    [{ any: {} }, 'any: expected a list of groups, got an object'],
    [{ any: [{}, { none: [3] }] }, 'any.1.none.0: expected an object with symbols, strategies, expiration, metrics, all, any, none, got 3'],
    [nested(9), `${'all.0.'.repeat(7)}all.0: expected groups at most 8 deep, got 9`],
    [{ any: Array.from({ length: 200 }, () => ({})) }, 'any: expected at most 200 groups in all, got 201'],
  ])('%j', (input, issue) => {
    expect(issuesOf(input)).toEqual([issue]);
  });

  it('is told all at once', () => {
    expect(issuesOf({ metrics: { delta: { min: 2, max: 1 }, foo: {} }, symbols: { in: ['', 'OK'] }, all: [{ any: 1 }] })).toHaveLength(4);
  });

  it('is told up to 50 issues, whatever comes', () => {
    expect(issuesOf({ symbols: { in: Array.from({ length: 900 }, () => '') } })).toHaveLength(50);
  });

  it('includes keys of the prototype', () => {
    expect(issuesOf(JSON.parse('{"metrics":{"__proto__":{"min":1},"constructor":{"min":1}}}'))).toHaveLength(2);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.anything(), (input) => {
        const everywhere = { metrics: input, symbols: input, expiration: input, any: [input], strategies: { in: input } };
        for (const hostile of [input, everywhere]) expect(['valid', 'invalid']).toContain(parseFilterCriteria(hostile).kind);
      }),
    );
  });
});
