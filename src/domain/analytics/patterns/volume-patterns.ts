import { median } from 'simple-statistics';
import { type RobustSpread, robustSpread } from '../robust-spread.ts';
import { OUTLIER_Z, robustZScore } from '../robust-z-score.ts';
import { trendOf } from '../trend.ts';

/**
 * SPIKE: the last day's volume is far above what was usual. DRY_UP: three days in a row well below. ACCUMULATION: open interest grows while volume is at least
 * as usual, so positions are being opened. UNWINDING: it shrinks so, and they are being closed.
 */
export const VOLUME_PATTERN_KINDS = ['SPIKE', 'DRY_UP', 'ACCUMULATION', 'UNWINDING'] as const;
export type VolumePatternKind = (typeof VOLUME_PATTERN_KINDS)[number];

/** Options of one market day that is over. Unknown is NaN. */
export interface VolumeDay {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  /** Contracts. */
  readonly volume: number;
  readonly openInterest: number;
}

export interface VolumePattern {
  readonly kind: VolumePatternKind;
  /** First and last day that make it up. */
  readonly fromDay: string;
  readonly toDay: string;
  /** Of the logarithm of the volume against the days before, in robust standard deviations; the median over the days that make it up. */
  readonly zScore: number;
  /** Last open interest over the first, less 1; NaN: not looked at. */
  readonly openInterestChange: number;
}

export interface VolumePatterns {
  readonly day: string;
  /** Contracts of that day. */
  readonly volume: number;
  /** Median of the days before it, contracts. */
  readonly usualVolume: number;
  /** How many days before it that is of. */
  readonly baselineDays: number;
  /** Of the day against them. */
  readonly zScore: number;
  readonly patterns: readonly VolumePattern[];
}

/** A month of trading days. */
const BASELINE_DAYS = 20;
/** Median and deviation of fewer say little. */
const LEAST_BASELINE_DAYS = 10;
const DRY_DAYS = 3;
/** Of normal days one in 15 is below; three in a row, were they independent, one in 3,000. */
const DRY_Z = -1.5;
const ACCUMULATION_DAYS = 10;
/** Mann-Kendall, 95 % confidence. */
const TREND_Z = 1.96;
/** A smaller change of open interest happens without anybody meaning it. */
const LEAST_CHANGE = 0.05;

/**
 * What stands out in the volume of the last day and of the days up to it. Volumes are compared by their logarithms: they are skewed, and half is as far as double.
 *
 * @param days oldest first, all of them over; those without a volume are left out
 * @returns null with fewer than 11 days
 */
export function volumePatterns(days: readonly VolumeDay[]): VolumePatterns | null {
  const known = days.filter(({ volume }) => Number.isFinite(volume) && volume >= 0);
  const last = known.at(-1);
  const before = baselineBefore(known, known.length - 1);
  if (!last || before === null) return null;
  const zScore = robustZScore(Math.log1p(last.volume), before);
  const patterns = [spike(last, zScore), dryUp(known), buildUp(known)].filter((pattern) => pattern !== null);
  return {
    day: last.day,
    volume: last.volume,
    usualVolume: median(known.slice(Math.max(0, known.length - 1 - BASELINE_DAYS), -1).map(({ volume }) => volume)),
    baselineDays: before.count,
    zScore,
    patterns,
  };
}

/** What was usual before a day; null when too little is known. */
function baselineBefore(days: readonly VolumeDay[], index: number): RobustSpread | null {
  if (index < LEAST_BASELINE_DAYS) return null;
  return robustSpread(days.slice(Math.max(0, index - BASELINE_DAYS), index).map(({ volume }) => Math.log1p(volume)));
}

function spike({ day }: VolumeDay, zScore: number): VolumePattern | null {
  return zScore >= OUTLIER_Z ? { kind: 'SPIKE', fromDay: day, toDay: day, zScore, openInterestChange: Number.NaN } : null;
}

function dryUp(days: readonly VolumeDay[]): VolumePattern | null {
  const before = baselineBefore(days, days.length - DRY_DAYS);
  if (before === null) return null;
  const dry = days.slice(-DRY_DAYS);
  const scores = dry.map(({ volume }) => robustZScore(Math.log1p(volume), before));
  if (!scores.every((score) => score <= DRY_Z)) return null;
  return { kind: 'DRY_UP', fromDay: dry[0]!.day, toDay: dry.at(-1)!.day, zScore: median(scores), openInterestChange: Number.NaN };
}

function buildUp(days: readonly VolumeDay[]): VolumePattern | null {
  const before = baselineBefore(days, days.length - ACCUMULATION_DAYS);
  const window = days.slice(-ACCUMULATION_DAYS);
  if (before === null || !window.every(({ openInterest }) => openInterest > 0 && Number.isFinite(openInterest))) return null;
  const trend = trendOf(
    Float64Array.from(window, (_day, index) => index),
    Float64Array.from(window, ({ openInterest }) => openInterest),
  )!;
  const openInterestChange = window.at(-1)!.openInterest / window[0]!.openInterest - 1;
  const scores = window.map(({ volume }) => robustZScore(Math.log1p(volume), before)).filter(Number.isFinite);
  const zScore = scores.length === 0 ? Number.NaN : median(scores);
  if (!(zScore >= 0) || Math.abs(openInterestChange) < LEAST_CHANGE || Math.abs(trend.kendallZ) < TREND_Z) return null;
  if (Math.sign(trend.kendallZ) !== Math.sign(openInterestChange)) return null;
  const kind = openInterestChange > 0 ? 'ACCUMULATION' : 'UNWINDING';
  return { kind, fromDay: window[0]!.day, toDay: window.at(-1)!.day, zScore, openInterestChange };
}
