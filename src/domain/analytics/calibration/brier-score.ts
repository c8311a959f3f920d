/** Something that was said to happen with a probability, and whether it did. */
export interface PredictedOutcome {
  /** 0 to 1. */
  readonly probability: number;
  readonly happened: boolean;
}

/** All 0 to 1. */
export interface BrierScore {
  /** Mean squared difference of the probability and what happened (1 or 0); 0 is perfect, 0.25 is always saying one half. */
  readonly score: number;
  /** How far what happened lies from what was said, bucket by bucket; 0 is best. */
  readonly reliability: number;
  /** How far what happened differs between the buckets; more is better. */
  readonly resolution: number;
  /** Of what happened, whoever predicts: share·(1 - share). */
  readonly uncertainty: number;
  /** What is left, because probabilities within a bucket differ: score = reliability - resolution + uncertainty + withinBucket. */
  readonly withinBucket: number;
}

/**
 * The score of Brier (1950), split by buckets as in Murphy (1973); the rest that comes from probabilities that differ within a bucket is stated as in Stephenson, Coelho
 * & Jolliffe (2008), so that the parts add up.
 *
 * @param buckets each outcome in exactly one; empty ones count nothing
 * @returns null without outcomes
 */
export function brierScore(buckets: readonly (readonly PredictedOutcome[])[]): BrierScore | null {
  const all = buckets.flat();
  if (all.length === 0) return null;
  const shareOf = (outcomes: readonly PredictedOutcome[]) => outcomes.filter(({ happened }) => happened).length / outcomes.length;
  const share = shareOf(all);
  let squared = 0;
  for (const { probability, happened } of all) squared += (probability - Number(happened)) ** 2;
  let reliability = 0;
  let resolution = 0;
  for (const outcomes of buckets) {
    if (outcomes.length === 0) continue;
    const said = outcomes.reduce((sum, { probability }) => sum + probability, 0) / outcomes.length;
    const came = shareOf(outcomes);
    reliability += outcomes.length * (said - came) ** 2;
    resolution += outcomes.length * (came - share) ** 2;
  }
  const score = squared / all.length;
  reliability /= all.length;
  resolution /= all.length;
  const uncertainty = share * (1 - share);
  return { score, reliability, resolution, uncertainty, withinBucket: score - reliability + resolution - uncertainty };
}
