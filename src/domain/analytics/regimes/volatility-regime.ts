import { bandWithHysteresis } from './band-with-hysteresis.ts';
import type { RegimeDay } from './regime-day.ts';

export const VOLATILITY_REGIMES = ['LOW', 'NORMAL', 'ELEVATED', 'EXTREME'] as const;
export type VolatilityRegimeLabel = (typeof VOLATILITY_REGIMES)[number];

export interface VolatilityRegime {
  readonly label: VolatilityRegimeLabel;
  /** The first day of it, `YYYY-MM-DD`. */
  readonly since: string;
  /** Days of it so far, the first included. */
  readonly days: number;
  /** What the bands are laid over, 0 to 100. */
  readonly level: number;
  /** What the level is made of. Unknown is NaN. */
  readonly inputs: RegimeDay;
}

/** Edges of the bands: below a quarter of the days of a year, above three, above nine in ten. */
const EDGES = [25, 75, 90] as const;
/** An edge must be passed by this before the label changes. */
const MARGIN = 5;
/** Near options dearer than far ones: something is expected soon. A slope nearer to 0 than this is noise of the interpolation. */
const BACKWARDATION = -0.005;
/** What backwardation adds to the level. */
const BACKWARDATION_LEVEL = 10;

/**
 * How restless it is, by the year before: the mean of the percentiles of implied and of realised volatility (the one that is known, when one is), 10 more when the
 * term structure is in backwardation, 100 at most. Bands with edges at 25, 75 and 90, to be passed by 5.
 *
 * @param days oldest first; days on which neither percentile is known leave the label as it is
 * @returns by day; null until one is known
 */
export function volatilityRegimes(days: readonly RegimeDay[]): (VolatilityRegime | null)[] {
  let band: number | null = null;
  let current: VolatilityRegime | null = null;
  return days.map((inputs) => {
    const level = levelOf(inputs);
    if (Number.isNaN(level)) return current;
    const next = bandWithHysteresis(EDGES, MARGIN, band, level);
    const isSame = next === band && current !== null;
    current = {
      label: VOLATILITY_REGIMES[next]!,
      since: isSame ? current!.since : inputs.day,
      days: isSame ? current!.days + 1 : 1,
      level,
      inputs,
    };
    band = next;
    return current;
  });
}

function levelOf({ ivPercentile, realisedVolatilityPercentile, termSlope }: RegimeDay): number {
  const known = [ivPercentile, realisedVolatilityPercentile].filter(Number.isFinite);
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  return Math.min(100, mean + (termSlope < BACKWARDATION ? BACKWARDATION_LEVEL : 0));
}
