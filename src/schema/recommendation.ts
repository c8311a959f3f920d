import { type Evidence, RECOMMENDATION_RULES, type Recommendation } from '../domain/analytics/recommendations/recommendation.ts';
import { builder } from './builder.ts';
import { describedValues } from './described-values.ts';

const RecommendationRuleEnum = builder.enumType('RecommendationRule', {
  description: 'The closed list of rules that recommendations come from.',
  values: describedValues(RECOMMENDATION_RULES, {
    SELL_RICH_PREMIUM: 'IV rank is 50 or more, and implied volatility 1.1 times the realised one or more.',
    BUY_CHEAP_PREMIUM: 'IV percentile is 20 or less, and implied volatility not above the realised one.',
    SELL_STEEP_SKEW: 'The 25-delta skew is above 0 and steeper than on 80 % of the market days before or more.',
    WAIT_OUT_STRESS: 'The market regime is STRESSED, or 60-day volatility is a point below that of 30 days or more.',
    WATCH_BUILD_UP: 'Open interest accumulates on usual volume or more.',
  }),
});

const EvidenceRef = builder.objectRef<Evidence>('Evidence').implement({
  description: 'A fact that speaks for a recommendation, or against it.',
  fields: (t) => ({
    fact: t.exposeString('fact', { description: 'What was looked at.' }),
    value: t.exposeFloat('value', {
      description:
        'Its value: ranks and percentiles 0 to 100, volatilities and slopes decimal, ratios and changes as fractions, days in market days.',
    }),
    statement: t.exposeString('statement', { description: 'The fact in a sentence.' }),
  }),
});

export const RecommendationRef = builder.objectRef<Recommendation>('Recommendation').implement({
  description: 'What a rule says of the underlying now. Rules may contradict each other; each shows what it rests on. No advice to trade.',
  fields: (t) => ({
    rule: t.expose('rule', { type: RecommendationRuleEnum, description: 'The rule.' }),
    action: t.exposeString('action', { description: 'What to consider.' }),
    evidence: t.field({ type: [EvidenceRef], description: 'Why the rule applies.', resolve: ({ evidence }) => [...evidence] }),
    counterEvidence: t.field({
      type: [EvidenceRef],
      description: 'What speaks against it; empty: nothing that the rule looks at.',
      resolve: ({ counterEvidence }) => [...counterEvidence],
    }),
  }),
});
