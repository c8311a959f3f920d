import { medianOf } from '../pricing/median.ts';
import type { SeriesTransform } from './series-transform.ts';
import type { SavedWindow, SeriesWindow } from './series-window.ts';

/** 0.75 quantile of the standard normal distribution: scales the median absolute deviation to a standard deviation. Iglewicz & Hoaglin 1993, §3.5. */
const NORMAL_QUARTILE = 0.6745;
/** √(π/2): scales the mean absolute deviation to a standard deviation, used when more than half of the values are alike. */
const MEAN_DEVIATION_SCALE = 1.253314;

/**
 * How far the newest value is from those before it, in standard deviations; it is not among them, so that it cannot hide itself.
 *
 * MEAN: z = (x - mean) / s with the sample standard deviation s (ddof 1).
 * MEDIAN: the modified z-score 0.6745·(x - median) / MAD, MAD the median absolute deviation from the median (B. Iglewicz, D. Hoaglin, "How to Detect and Handle
 * Outliers", ASQC 1993; NIST/SEMATECH e-Handbook of Statistical Methods 1.3.5.17); if MAD is 0, (x - median) / (1.253314·mean absolute deviation).
 * Unknown (NaN) with fewer values before it than asked, or when all of them are alike.
 *
 * Increments are per second, so that samples at uneven times compare; one below 0 begins anew: a count of the day has been reset.
 */
export function createScoreWindow(
  { of, method, windowMs, samples, minimumSamples, direction }: Extract<SeriesTransform, { kind: 'Z_SCORE' }>,
  saved: SavedWindow = [],
): SeriesWindow {
  const atMs: number[] = [...(saved[0] ?? [])];
  const values: number[] = [...(saved[1] ?? [])];
  let [lastValue = Number.NaN, lastAtMs = Number.NaN] = saved[2] ?? [];
  const scratch = new Float64Array(samples);

  function increment(value: number, nowMs: number): number {
    const added = (value - lastValue) / ((nowMs - lastAtMs) / 1000);
    // Of two samples of one moment the second replaces the first.
    if (nowMs === lastAtMs) return Number.NaN;
    return added >= 0 ? added : Number.NaN;
  }

  function forget(nowMs: number): void {
    let gone = Math.max(0, atMs.length - samples);
    if (windowMs !== null) while (gone < atMs.length && atMs[gone]! < nowMs - windowMs) gone++;
    if (gone === 0) return;
    atMs.splice(0, gone);
    values.splice(0, gone);
  }

  function score(value: number): number {
    if (values.length < minimumSamples) return Number.NaN;
    const z = method === 'MEAN' ? meanScore(values, value) : medianScore(values, scratch, value);
    if (!Number.isFinite(z)) return Number.NaN;
    if (direction === 'EITHER') return Math.abs(z);
    return direction === 'UP' ? z : -z;
  }

  return {
    add(value, nowMs) {
      const observed = of === 'VALUE' ? value : increment(value, nowMs);
      lastValue = value;
      lastAtMs = nowMs;
      if (Number.isNaN(observed)) return Number.NaN;
      forget(nowMs);
      const z = score(observed);
      atMs.push(nowMs);
      values.push(observed);
      forget(nowMs);
      return z;
    },
    save: () => [[...atMs], [...values], Number.isNaN(lastAtMs) ? [] : [lastValue, lastAtMs]],
  };
}

function meanScore(values: readonly number[], value: number): number {
  let mean = 0;
  let squares = 0;
  // Welford 1962: no cancellation when the values are large and alike.
  for (let i = 0; i < values.length; i++) {
    const apart = values[i]! - mean;
    mean += apart / (i + 1);
    squares += apart * (values[i]! - mean);
  }
  const deviation = Math.sqrt(squares / (values.length - 1));
  return deviation > 0 ? (value - mean) / deviation : Number.NaN;
}

function medianScore(values: readonly number[], scratch: Float64Array, value: number): number {
  const { length } = values;
  for (let i = 0; i < length; i++) scratch[i] = values[i]!;
  const median = middleOf(scratch, length);
  let sum = 0;
  for (let i = 0; i < length; i++) {
    scratch[i] = Math.abs(values[i]! - median);
    sum += scratch[i]!;
  }
  const deviation = middleOf(scratch, length);
  if (deviation > 0) return (NORMAL_QUARTILE * (value - median)) / deviation;
  return sum > 0 ? (value - median) / (MEAN_DEVIATION_SCALE * (sum / length)) : Number.NaN;
}

/** The median as statistics defines it: the mean of the two in the middle of an even number. Reorders. */
function middleOf(values: Float64Array, count: number): number {
  const upper = medianOf(values, count);
  if (count % 2 === 1) return upper;
  // What was selected has the smaller half before it.
  let lower = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count >> 1; i++) if (values[i]! > lower) lower = values[i]!;
  return (lower + upper) / 2;
}
