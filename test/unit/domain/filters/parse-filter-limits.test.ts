import { describe, expect, it } from 'vitest';
import { parseFilterLimits } from '../../../../src/domain/filters/parse-filter-limits.ts';

describe('parseFilterLimits', () => {
  it.each([
    [{ resultsPerUnderlying: 1, minimumScore: 0, cooldownSeconds: 1 }],
    [{ resultsPerUnderlying: 1_000, minimumScore: 100, cooldownSeconds: 604_800 }],
    [{ minimumScore: 62.5 }],
  ])('takes %j', (limits) => {
    expect(parseFilterLimits(limits)).toEqual({ kind: 'valid', limits });
  });

  it('leaves out what states nothing', () => {
    expect(parseFilterLimits({ minimumScore: null, cooldownSeconds: 60 })).toEqual({ kind: 'valid', limits: { cooldownSeconds: 60 } });
    expect(parseFilterLimits({})).toEqual({ kind: 'valid', limits: undefined });
  });

  it.each([
    [{ resultsPerUnderlying: 0 }, 'resultsPerUnderlying', 'expected a whole number, 1 to 1000, got 0'],
    [{ resultsPerUnderlying: 1_001 }, 'resultsPerUnderlying', 'expected a whole number, 1 to 1000, got 1001'],
    [{ resultsPerUnderlying: 1.5 }, 'resultsPerUnderlying', 'expected a whole number, 1 to 1000, got 1.5'],
    [{ minimumScore: -0.1 }, 'minimumScore', 'expected a number, 0 to 100, got -0.1'],
    [{ minimumScore: '70' }, 'minimumScore', 'expected a number, 0 to 100, got "70"'],
    [{ cooldownSeconds: 604_801 }, 'cooldownSeconds', 'expected a whole number, 1 to 604800, got 604801'],
    [{ minScore: 1 }, 'minScore', 'expected one of resultsPerUnderlying, minimumScore, cooldownSeconds, got "minScore"'],
    [7, '', 'expected an object with resultsPerUnderlying, minimumScore, cooldownSeconds, got 7'],
  ])('refuses %j', (limits, path, message) => {
    expect(parseFilterLimits(limits)).toMatchObject({ kind: 'invalid', issues: [{ path, message: expect.stringContaining(message) }] });
  });
});
