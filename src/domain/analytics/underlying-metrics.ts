import { constantMaturityVolatility } from '../pricing/constant-maturity-volatility.ts';
import type { PricedChain } from '../pricing/priced-chain.ts';
import { knownOrNull } from '../results/known-or-null.ts';
import type { VolatilityRank } from '../volatility/volatility-rank.ts';
import { chainTotals, putCallRatio, sumOfKnown } from './chain-totals.ts';
import { gammaExposure } from './gamma-exposure.ts';
import { skewAtMaturity, termStructure } from './term-structure.ts';
import type { UnderlyingMetricValues } from './underlying-metric.ts';

/** What a chain says of its underlying. @param rank of its 30-day volatility */
export function underlyingMetrics(chain: PricedChain, rank: VolatilityRank): UnderlyingMetricValues {
  const { underlyingPrice } = chain.snapshot;
  const at30 = constantMaturityVolatility(chain, 30);
  const at60 = constantMaturityVolatility(chain, 60);
  const { callVolume, putVolume, callOpenInterest, putOpenInterest } = chainTotals(chain.snapshot);
  return {
    price: knownOrNull(underlyingPrice),
    impliedVolatility30d: knownOrNull(at30),
    impliedVolatility60d: knownOrNull(at60),
    termSlope: knownOrNull(at60 - at30),
    skew25Delta: knownOrNull(skewAtMaturity(termStructure(chain), 30)),
    ivRank: knownOrNull(rank.ivRank),
    ivPercentile: knownOrNull(rank.ivPercentile),
    expectedMove30d: knownOrNull(underlyingPrice * at30 * Math.sqrt(30 / 365)),
    volume: knownOrNull(sumOfKnown(callVolume, putVolume)),
    openInterest: knownOrNull(sumOfKnown(callOpenInterest, putOpenInterest)),
    putCallVolumeRatio: knownOrNull(putCallRatio(putVolume, callVolume)),
    putCallOpenInterestRatio: knownOrNull(putCallRatio(putOpenInterest, callOpenInterest)),
    gammaExposure: knownOrNull(gammaExposure(chain)),
  };
}
