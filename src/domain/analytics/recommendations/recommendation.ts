import type { RecommendationFacts } from './recommendation-facts.ts';

/** The closed list of rules; each has a file of its own. */
export const RECOMMENDATION_RULES = [
  'SELL_RICH_PREMIUM',
  'BUY_CHEAP_PREMIUM',
  'SELL_STEEP_SKEW',
  'WAIT_OUT_STRESS',
  'WATCH_BUILD_UP',
] as const;
export type RecommendationRuleId = (typeof RECOMMENDATION_RULES)[number];

/** One fact that speaks for a recommendation, or against it. */
export interface Evidence {
  /** What was looked at, as the API calls it. */
  readonly fact: string;
  /** In the unit of that. */
  readonly value: number;
  /** The fact in a sentence, with what it is compared with. */
  readonly statement: string;
}

export interface Recommendation {
  readonly rule: RecommendationRuleId;
  /** What to consider, in a sentence. */
  readonly action: string;
  /** Why the rule applies; never empty. */
  readonly evidence: readonly Evidence[];
  /** What speaks against it at the moment; empty: nothing that the rule looks at. */
  readonly counterEvidence: readonly Evidence[];
}

/** @returns null: the rule does not apply, or what it needs is unknown */
export type RecommendationRule = (facts: RecommendationFacts) => Recommendation | null;
