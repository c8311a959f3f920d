import { evidenceOf } from './evidence-of.ts';
import { fewDays } from './few-days.ts';
import type { RecommendationRule } from './recommendation.ts';

/** The upper half of the year's range. */
const LEAST_RANK = 50;
/** Implied over realised: what is paid above what moved. */
const LEAST_RATIO = 1.1;
const BACKWARDATION = -0.005;
/** A regime that has just begun may go on rising. */
const YOUNG_DAYS = 3;

/** Options are dear for the year and for what the underlying does: who sells them is paid for it. */
export const sellRichPremium: RecommendationRule = ({
  ivRank,
  volatilityDays,
  impliedVolatility,
  realisedVolatility,
  termSlope,
  volatilityRegime,
  marketRegime,
}) => {
  const ratio = impliedVolatility / realisedVolatility;
  if (!(ivRank >= LEAST_RANK && ratio >= LEAST_RATIO && Number.isFinite(ratio))) return null;
  const isYoung =
    volatilityRegime !== null && volatilityRegime.days <= YOUNG_DAYS && ['ELEVATED', 'EXTREME'].includes(volatilityRegime.label);
  return {
    rule: 'SELL_RICH_PREMIUM',
    action: 'Consider selling premium with a defined risk: spreads and iron condors.',
    evidence: evidenceOf(
      [true, 'ivRank', ivRank, `IV rank is ${LEAST_RANK} or more.`],
      [true, 'impliedToRealised', ratio, `Implied volatility is ${LEAST_RATIO} times the realised one or more.`],
    ),
    counterEvidence: evidenceOf(
      fewDays(volatilityDays),
      [termSlope < BACKWARDATION, 'termSlope', termSlope, 'Near options are dearer than far ones: something is expected soon.'],
      [isYoung, 'volatilityRegimeDays', volatilityRegime?.days ?? 0, 'The volatility regime has just risen and may rise further.'],
      [
        marketRegime?.label === 'TRENDING_DOWN' || marketRegime?.label === 'STRESSED',
        'marketTrendZ',
        marketRegime?.trendZ ?? 0,
        'The market is falling or stressed.',
      ],
    ),
  };
};
