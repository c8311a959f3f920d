/**
 * Why something did not become a candidate. Closed: these are metric labels. The position in this list is the index of the counter in
 * CandidateBatch.drops: append only.
 */
export const CANDIDATE_DROP_REASONS = [
  /** A contract without a bid or without an ask. */
  'one-sided-quote',
  /** A contract with both quotes but without an implied volatility or a greek. */
  'no-model-values',
  /** An expiration that pricing could not handle. */
  'expiration-not-priced',
  /** An expiration past the longest time that is scanned. */
  'expiration-too-far',
  /** A combination sold for nothing, or for less: the marks of its legs contradict each other. */
  'no-credit',
  /** A combination bought for nothing, or for less. */
  'no-debit',
  /** The credit is at least the width of the spread (the strike of a secured put): nothing could be lost. */
  'credit-exceeds-width',
  /** The debit is at least the width of the spread (the strike of a long put or of a covered call): nothing could be won. */
  'debit-exceeds-width',
  /** A combination with the underlying itself, whose price is not known. */
  'no-underlying-price',
  /** The batch was full. */
  'capacity',
] as const;
export type CandidateDropReason = (typeof CANDIDATE_DROP_REASONS)[number];

/** Index of each reason's counter in CandidateBatch.drops. */
export const CANDIDATE_DROP_INDEX = Object.fromEntries(CANDIDATE_DROP_REASONS.map((reason, index) => [reason, index])) as Readonly<
  Record<CandidateDropReason, number>
>;
