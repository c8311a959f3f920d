import { evidenceOf } from './evidence-of.ts';
import type { RecommendationRule } from './recommendation.ts';

/** A volatility point: more than the interpolation of maturities errs. */
const DEEP_BACKWARDATION = -0.01;
const RICH_RATIO = 1.5;
const OLD_DAYS = 10;

/** The market is stressed, or expects something soon: short options of near expirations lose most then. */
export const waitOutStress: RecommendationRule = ({ termSlope, marketRegime, impliedVolatility, realisedVolatility }) => {
  const isStressed = marketRegime?.label === 'STRESSED';
  const isInverted = termSlope <= DEEP_BACKWARDATION;
  if (!isStressed && !isInverted) return null;
  const ratio = impliedVolatility / realisedVolatility;
  return {
    rule: 'WAIT_OUT_STRESS',
    action: 'Consider waiting with short options of near expirations, or halving their size.',
    evidence: evidenceOf(
      [isStressed, 'marketRegimeDays', marketRegime?.days ?? 0, 'The market regime has been stressed for that many days.'],
      [isInverted, 'termSlope', termSlope, 'Volatility at 60 days is a point below that at 30 days or more.'],
    ),
    counterEvidence: evidenceOf(
      [ratio >= RICH_RATIO && Number.isFinite(ratio), 'impliedToRealised', ratio, 'Far more is paid than what has moved so far.'],
      [
        isStressed && marketRegime.days >= OLD_DAYS,
        'marketRegimeDays',
        marketRegime?.days ?? 0,
        'The stress has lasted and may be ending.',
      ],
    ),
  };
};
