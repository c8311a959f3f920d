import { describe, expect, it } from 'vitest';
import type { MetricName, MetricValues } from '../../../../src/domain/candidates/metric.ts';
import { METRICS } from '../../../../src/domain/candidates/metric.ts';
import { createDuplicateTracker, type TrackedResult } from '../../../../src/domain/results/duplicate-tracker.ts';
import { METRIC_PRECISION } from '../../../../src/domain/results/metric-precision.ts';

function aResult(
  change: Partial<Record<MetricName, number | null>> = {},
  filterId = 'filter',
  legsKey = '-1 SPX240216P04000000',
): TrackedResult {
  const metrics = Object.fromEntries(METRICS.map(({ name }) => [name, 1])) as unknown as MetricValues;
  return { filterId, legsKey, metrics: { ...metrics, ...change } };
}

describe('the duplicate tracker', () => {
  it('calls a position new until it has been recorded', () => {
    const tracker = createDuplicateTracker({ maximumEntries: 10 });
    expect(tracker.decide(aResult())).toEqual({ kind: 'new', reason: 'first-seen' });
    expect(tracker.decide(aResult())).toEqual({ kind: 'new', reason: 'first-seen' });
    tracker.record(aResult());
    expect(tracker.decide(aResult())).toEqual({ kind: 'duplicate', reason: 'metrics-unchanged' });
  });

  it('keeps filters and positions apart', () => {
    const tracker = createDuplicateTracker({ maximumEntries: 10 });
    tracker.record(aResult());
    expect(tracker.decide(aResult({}, 'other')).kind).toBe('new');
    expect(tracker.decide(aResult({}, 'filter', '+1 SPX240216P04000000')).kind).toBe('new');
  });

  it.each(METRICS.map(({ name }) => name))('calls a change of %s by one rounding step a change, and less than that none', (name) => {
    const step = 10 ** -METRIC_PRECISION[name];
    const tracker = createDuplicateTracker({ maximumEntries: 10 });
    tracker.record(aResult());
    expect(tracker.decide(aResult({ [name]: 1 + 0.4 * step })).kind).toBe('duplicate');
    expect(tracker.decide(aResult({ [name]: 1 + step }))).toEqual({ kind: 'changed', reason: 'metrics-changed' });
    expect(tracker.decide(aResult({ [name]: null })).kind).toBe('changed');
  });

  it('compares with the last recorded result, not with the first', () => {
    const tracker = createDuplicateTracker({ maximumEntries: 10 });
    tracker.record(aResult({ mark: 1 }));
    tracker.record(aResult({ mark: 2 }));
    expect(tracker.decide(aResult({ mark: 2 })).kind).toBe('duplicate');
    expect(tracker.decide(aResult({ mark: 1 })).kind).toBe('changed');
  });

  it('tells 0 from unknown, and -0 not from 0', () => {
    const tracker = createDuplicateTracker({ maximumEntries: 10 });
    tracker.record(aResult({ delta: 0 }));
    expect(tracker.decide(aResult({ delta: -0.0001 })).kind).toBe('duplicate');
    expect(tracker.decide(aResult({ delta: null })).kind).toBe('changed');
  });

  it('does not mistake neighbouring values for each other', () => {
    const tracker = createDuplicateTracker({ maximumEntries: 10 });
    tracker.record(aResult({ volume: null, openInterest: 1 }));
    expect(tracker.decide(aResult({ volume: 1, openInterest: null })).kind).toBe('changed');
  });

  it('forgets the position not seen for the longest time when it is full', () => {
    const tracker = createDuplicateTracker({ maximumEntries: 2 });
    const [a, b, c] = ['a', 'b', 'c'].map((key) => aResult({}, 'filter', key)) as [TrackedResult, TrackedResult, TrackedResult];
    tracker.record(a);
    tracker.record(b);
    tracker.decide(a);
    tracker.record(c);
    expect(tracker.size()).toBe(2);
    expect([a, b, c].map((result) => tracker.decide(result).kind)).toEqual(['duplicate', 'new', 'duplicate']);
  });
});
