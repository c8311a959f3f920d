import { type BrierScore, brierScore, type PredictedOutcome } from './brier-score.ts';
import { wilsonInterval } from './wilson-interval.ts';

export interface CalibrationBucket {
  /** Of the predicted probability; the last bucket includes its end. */
  readonly from: number;
  readonly before: number;
  readonly count: number;
  readonly meanPredicted: number;
  /** Share that happened. */
  readonly observed: number;
  /** 95 % confidence of that share. */
  readonly observedLower: number;
  readonly observedUpper: number;
}

export interface Calibration {
  readonly count: number;
  readonly meanPredicted: number;
  readonly observed: number;
  readonly brier: BrierScore;
  /** 1 - score / that of always saying the share that happened; above 0: better than that. NaN when all ended alike. */
  readonly skill: number;
  /** Those with outcomes, from low to high. */
  readonly buckets: readonly CalibrationBucket[];
}

/** A tenth each: what a reliability diagram is usually drawn with. */
export const CALIBRATION_BUCKETS = 10;

/**
 * What was predicted against what happened, by buckets of equal width.
 *
 * @param outcomes those whose probability is not from 0 to 1 are left out
 * @returns null without outcomes
 */
export function calibrate(outcomes: readonly PredictedOutcome[], bucketCount = CALIBRATION_BUCKETS): Calibration | null {
  const known = outcomes.filter(({ probability }) => probability >= 0 && probability <= 1);
  const groups: PredictedOutcome[][] = Array.from({ length: bucketCount }, () => []);
  for (const outcome of known) groups[Math.min(bucketCount - 1, Math.floor(outcome.probability * bucketCount))]!.push(outcome);
  const brier = brierScore(groups);
  if (brier === null) return null;
  return {
    ...summary(known),
    brier,
    skill: brier.uncertainty > 0 ? 1 - brier.score / brier.uncertainty : Number.NaN,
    buckets: groups.flatMap((group, index) => {
      if (group.length === 0) return [];
      const { count, meanPredicted, observed } = summary(group);
      const { lower, upper } = wilsonInterval(Math.round(observed * count), count);
      return {
        from: index / bucketCount,
        before: (index + 1) / bucketCount,
        count,
        meanPredicted,
        observed,
        observedLower: lower,
        observedUpper: upper,
      };
    }),
  };
}

function summary(outcomes: readonly PredictedOutcome[]): Pick<Calibration, 'count' | 'meanPredicted' | 'observed'> {
  const count = outcomes.length;
  return {
    count,
    meanPredicted: outcomes.reduce((sum, { probability }) => sum + probability, 0) / count,
    observed: outcomes.filter(({ happened }) => happened).length / count,
  };
}
