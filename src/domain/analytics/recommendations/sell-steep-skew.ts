import { evidenceOf } from './evidence-of.ts';
import { fewDays } from './few-days.ts';
import type { RecommendationRule } from './recommendation.ts';

const LEAST_PERCENTILE = 80;
const BACKWARDATION = -0.005;

/** Puts are dearer than calls by more than usual: who sells puts against bought ones further below is paid for it. */
export const sellSteepSkew: RecommendationRule = ({ skew, skewPercentile, skewDays, termSlope, marketRegime, volume }) => {
  if (!(skewPercentile >= LEAST_PERCENTILE && skew > 0)) return null;
  const spike = volume?.patterns.find(({ kind }) => kind === 'SPIKE');
  return {
    rule: 'SELL_STEEP_SKEW',
    action: 'Consider bull put spreads over bear call spreads: puts pay more than usual.',
    evidence: evidenceOf(
      [true, 'skewPercentile', skewPercentile, `The 25-delta skew is steeper than on ${LEAST_PERCENTILE} % of the days before or more.`],
      [true, 'skew25Delta', skew, 'The put is dearer than the call.'],
    ),
    counterEvidence: evidenceOf(
      fewDays(skewDays),
      [
        marketRegime?.label === 'TRENDING_DOWN' || marketRegime?.label === 'STRESSED',
        'marketTrendZ',
        marketRegime?.trendZ ?? 0,
        'The market is falling or stressed: the skew has a reason.',
      ],
      [termSlope < BACKWARDATION, 'termSlope', termSlope, 'Near options are dearer than far ones: something is expected soon.'],
      [spike !== undefined, 'volumeZScore', spike?.zScore ?? 0, 'Volume is far above the usual: somebody may know something.'],
    ),
  };
};
