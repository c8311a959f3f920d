import { buyCheapPremium } from './buy-cheap-premium.ts';
import type { Recommendation, RecommendationRule, RecommendationRuleId } from './recommendation.ts';
import type { RecommendationFacts } from './recommendation-facts.ts';
import { sellRichPremium } from './sell-rich-premium.ts';
import { sellSteepSkew } from './sell-steep-skew.ts';
import { waitOutStress } from './wait-out-stress.ts';
import { watchBuildUp } from './watch-build-up.ts';

const RULES: Readonly<Record<RecommendationRuleId, RecommendationRule>> = {
  SELL_RICH_PREMIUM: sellRichPremium,
  BUY_CHEAP_PREMIUM: buyCheapPremium,
  SELL_STEEP_SKEW: sellSteepSkew,
  WAIT_OUT_STRESS: waitOutStress,
  WATCH_BUILD_UP: watchBuildUp,
};

/** What the rules say, in the order of their list. They may contradict each other: each shows what it rests on. */
export function recommend(facts: RecommendationFacts): Recommendation[] {
  return Object.values(RULES).flatMap((rule) => rule(facts) ?? []);
}
