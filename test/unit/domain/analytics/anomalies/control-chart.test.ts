import { describe, expect, it } from 'vitest';
import { controlChart } from '../../../../../src/domain/analytics/anomalies/control-chart.ts';

describe('an EWMA control chart', () => {
  // NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.4: target 50, s 2.0539, λ 0.3; limits 52.5884 and 47.4115 far from the beginning.
  const values = [52, 47, 53, 49.3, 50.1, 47, 51, 50.1, 51.2, 50.5, 49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1];
  const published = [
    50.6, 49.52, 50.56, 50.18, 50.16, 49.21, 49.75, 49.85, 50.26, 50.33, 50.11, 49.36, 49.52, 50.05, 49.38, 49.92, 50.73, 51.23, 51.94,
    51.99,
  ];

  it('is that of the handbook, which stays within its limits', () => {
    const chart = controlChart(values, { target: 50, deviation: 2.0539, weight: 0.3 });
    for (const [index, average] of chart.averages.entries()) expect(average).toBeCloseTo(published[index]!, 1);
    expect(chart.limits.at(-1)).toBeCloseTo(2.5884, 2);
    // Exact at the beginning: 3·s·λ.
    expect(chart.limits[0]).toBeCloseTo(3 * 2.0539 * 0.3, 10);
    expect(chart.signals).toEqual([]);
  });

  it('signals a small lasting change as one run, and each side on its own', () => {
    const shifted = [...Array(10).fill(0), ...Array(20).fill(1.5), ...Array(30).fill(-1.5)];
    const { signals } = controlChart(shifted, { target: 0, deviation: 1 });
    expect(signals).toHaveLength(2);
    expect(signals[0]!.fromIndex).toBeGreaterThanOrEqual(10);
    expect(signals[0]!.fromIndex).toBeLessThan(20);
    expect(signals[0]!.zScore).toBeGreaterThan(3);
    expect(signals[1]!.toIndex).toBe(59);
    expect(signals[1]!.zScore).toBeLessThan(-3);
  });

  it('says nothing when the level or the noise is unknown, or there is no noise', () => {
    const none = { averages: [], limits: [], signals: [] };
    expect(controlChart([1, 2], { target: 0, deviation: 0 })).toEqual(none);
    expect(controlChart([1, 2], { target: Number.NaN, deviation: 1 })).toEqual(none);
    expect(controlChart([1, 2], { target: 0, deviation: Number.NaN })).toEqual(none);
    expect(controlChart([], { target: 0, deviation: 1 })).toEqual(none);
  });
});
