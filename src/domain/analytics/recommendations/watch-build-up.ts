import { evidenceOf } from './evidence-of.ts';
import type { RecommendationRule } from './recommendation.ts';

const LEAST_EFFICIENCY = 0.3;

/** Positions are being opened on more than the usual volume: somebody expects something. */
export const watchBuildUp: RecommendationRule = ({ volume, marketRegime, volatilityRegime }) => {
  const buildUp = volume?.patterns.find(({ kind }) => kind === 'ACCUMULATION');
  if (!buildUp) return null;
  const efficiency = marketRegime?.efficiency ?? Number.NaN;
  return {
    rule: 'WATCH_BUILD_UP',
    action: 'Consider watching which strikes are being opened before trading against them.',
    evidence: evidenceOf(
      [true, 'openInterestChange', buildUp.openInterestChange, `Open interest has grown from ${buildUp.fromDay} to ${buildUp.toDay}.`],
      [true, 'volumeZScore', buildUp.zScore, 'Volume was at least as usual meanwhile.'],
    ),
    counterEvidence: evidenceOf(
      [efficiency < LEAST_EFFICIENCY, 'marketEfficiency', efficiency, 'The price has gone nowhere meanwhile: both sides may be hedging.'],
      [
        volatilityRegime?.label === 'LOW',
        'volatilityLevel',
        volatilityRegime?.level ?? 0,
        'Volatility is low: the options do not say that a move is expected.',
      ],
    ),
  };
};
