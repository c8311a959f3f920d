import { evidenceOf } from './evidence-of.ts';
import { fewDays } from './few-days.ts';
import type { RecommendationRule } from './recommendation.ts';

const MOST_PERCENTILE = 20;
/** Implied over realised: no more is paid than what moved. */
const MOST_RATIO = 1;
/** A steeper slope makes far options dear for what near ones say. */
const STEEP_SLOPE = 0.02;
/** A quarter of trading days. */
const LONG_DAYS = 63;

/** Options are cheap for the year, and cost no more than what the underlying does. */
export const buyCheapPremium: RecommendationRule = ({
  ivPercentile,
  volatilityDays,
  impliedVolatility,
  realisedVolatility,
  termSlope,
  volatilityRegime,
  marketRegime,
}) => {
  const ratio = impliedVolatility / realisedVolatility;
  if (!(ivPercentile <= MOST_PERCENTILE && ratio <= MOST_RATIO && Number.isFinite(ratio))) return null;
  return {
    rule: 'BUY_CHEAP_PREMIUM',
    action: 'Consider buying premium: long options and debit spreads.',
    evidence: evidenceOf(
      [true, 'ivPercentile', ivPercentile, `IV percentile is ${MOST_PERCENTILE} or less.`],
      [true, 'impliedToRealised', ratio, 'Implied volatility is not above the realised one.'],
    ),
    counterEvidence: evidenceOf(
      fewDays(volatilityDays),
      [termSlope > STEEP_SLOPE, 'termSlope', termSlope, 'Far options are much dearer than near ones.'],
      [
        volatilityRegime?.label === 'LOW' && volatilityRegime.days >= LONG_DAYS,
        'volatilityRegimeDays',
        volatilityRegime?.days ?? 0,
        'Volatility has been low for long and nothing says when that ends.',
      ],
      [
        marketRegime?.label === 'RANGING',
        'marketEfficiency',
        marketRegime?.efficiency ?? 0,
        'The market goes nowhere: time costs the buyer.',
      ],
    ),
  };
};
