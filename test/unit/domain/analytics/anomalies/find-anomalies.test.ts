import { describe, expect, it } from 'vitest';
import { findAnomalies } from '../../../../../src/domain/analytics/anomalies/find-anomalies.ts';
import { seasonalAnomalies } from '../../../../../src/domain/analytics/anomalies/seasonal-anomalies.ts';
import { finish } from '../../../../support/finish.ts';
import { seededRandom } from '../../../../support/seeded-random.ts';

const HOUR_MS = 3_600_000;
const hourOf = (atMs: number) => Math.floor(atMs / HOUR_MS) % 24;

/** Two weeks of hours with a daily wave of ±10 about 100, and noise of about ±1. */
function waves(change: (value: number, index: number) => number = (value) => value) {
  const random = seededRandom(7);
  const atMs = Array.from({ length: 14 * 24 }, (_, index) => index * HOUR_MS);
  return { atMs, values: atMs.map((at, index) => change(100 + 10 * Math.sin((2 * Math.PI * hourOf(at)) / 24) + 2 * random() - 1, index)) };
}

describe('a value unlike its season', () => {
  it('is found, though it lies within what other hours of the day have', () => {
    const found = seasonalAnomalies(
      waves((value, index) => (index === 200 ? 110 : value)),
      hourOf,
    );
    // Hour 8 of the day: about 108.7 is usual, so 110 is not; hour 18 has 90.
    expect(found.map(({ index }) => index)).not.toContain(200);
    const low = seasonalAnomalies(
      waves((value, index) => (index === 210 ? 100 : value)),
      hourOf,
    );
    expect(low.map(({ index }) => index)).toEqual([210]);
    expect(low[0]!.expected).toBeGreaterThan(88);
    expect(low[0]!.expected).toBeLessThan(92);
    expect(low[0]!.zScore).toBeGreaterThan(OUTLIER);
  });

  it('is not seen in the wave itself, nor behind a change of the level', () => {
    expect(seasonalAnomalies(waves(), hourOf)).toEqual([]);
    expect(
      seasonalAnomalies(
        waves((value, index) => (index < 170 ? value : value + 50)),
        hourOf,
      ).every(({ index }) => Math.abs(index - 170) < 13),
    ).toBe(true);
  });
});
const OUTLIER = 3.5;

describe('anomalies', () => {
  it('are an outlier, a shift and a change point, in order of time', () => {
    const random = seededRandom(11);
    const values = Array.from({ length: 120 }, (_, index) => (index < 80 ? 0 : 4) + random() + (index === 40 ? 10 : 0));
    const found = finish(findAnomalies({ atMs: values.map((_, index) => index * HOUR_MS), values }, () => 0));
    expect(found.map(({ atMs }) => atMs)).toEqual(found.map(({ atMs }) => atMs).toSorted((a, b) => a - b));
    expect(found.filter(({ kind }) => kind === 'OUTLIER').map(({ atMs }) => atMs / HOUR_MS)).toContain(40);
    const shift = found.filter(({ kind }) => kind === 'SHIFT').at(-1)!;
    expect(shift.atMs / HOUR_MS).toBeGreaterThanOrEqual(80);
    expect(shift.atMs / HOUR_MS).toBeLessThan(84);
    expect(shift.untilMs / HOUR_MS).toBe(119);
    const changes = found.filter(({ kind, atMs }) => kind === 'CHANGE_POINT' && atMs > 60 * HOUR_MS);
    expect(changes.map(({ atMs }) => atMs / HOUR_MS)).toEqual([80]);
    expect(changes[0]!.value - changes[0]!.expected).toBeCloseTo(4, 0);
  });

  it.each([
    ['no value', []],
    ['one value', [1]],
    ['a constant', Array(100).fill(5)],
  ])('are none in %s', (_what, values: number[]) => {
    expect(finish(findAnomalies({ atMs: values.map((_, index) => index), values }, () => 0))).toEqual([]);
  });

  it('are finite', () => {
    const values = Array.from({ length: 100 }, (_, index) => (index % 10 === 0 ? 1 : 0));
    for (const { zScore, value, expected } of finish(findAnomalies({ atMs: values.map((_, index) => index), values }, () => 0))) {
      expect([zScore, value, expected].every(Number.isFinite)).toBe(true);
    }
  });
});
