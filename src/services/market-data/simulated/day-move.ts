import {
  FAST_DEVIATION,
  FAST_REVERSION,
  type PathParameters,
  type PathState,
  PRICE_REVERSION,
  relativeVolatility,
  SLOW_DEVIATION,
  SLOW_REVERSION,
} from './path-state.ts';
import { randomBits } from './random-bits.ts';
import { standardNormal } from './standard-normal.ts';
import { uniform } from './uniform.ts';

/** Options cost more than what the underlying then does: realised over implied volatility (variance risk premium; Carr and Wu, RFS 22, 2009). */
const REALISED_TO_IMPLIED = 0.9;
/** A jump lifts the fast part of volatility by this much per standard deviation of its size. */
const VOLATILITY_PER_JUMP = 0.12;
/** Share of an underlying's slow volatility that it has in common with the market. */
const SHARED_SLOW = 0.7;

/** Places of a day's variates in its stream. */
const SHOCK_PRICE = 0;
const SHOCK_FAST = 1;
const SHOCK_SLOW = 2;
const JUMP_ARRIVAL = 3;
const JUMP_SIZE = 4;
const JUMP_MOMENT = 5;

/** What one day does to a path; the parts by which the day's inside is filled in, too. */
export interface DayMove {
  readonly end: PathState;
  /** Standard deviation of the day's diffusion of ln(price) and of the fast volatility. */
  readonly priceDeviation: number;
  readonly fastDeviation: number;
  /** ln(price) and fast volatility of the jump; 0 on most days. */
  readonly jump: number;
  readonly fastJump: number;
  /** When in the day the jump happens, 0 to 1. */
  readonly jumpMoment: number;
}

/**
 * One day of the model: log price with stochastic volatility, leverage and jumps; log volatility the sum of two Ornstein-Uhlenbeck processes. The transitions
 * are exact for any length of day, with the volatility of the day's beginning.
 *
 * @param years length of the day in years of market time
 * @param marketKey stream of the whole market's shocks on this day; @param ownKey of the underlying's
 */
export function dayMove(parameters: PathParameters, state: PathState, years: number, marketKey: number, ownKey: number): DayMove {
  const { volatility, marketCorrelation, leverage, jumpsPerYear, jumpDeviation } = parameters;
  const priceShock = mix(marketCorrelation, standardNormal(marketKey, SHOCK_PRICE), standardNormal(ownKey, SHOCK_PRICE));
  const fastShock = mix(leverage, priceShock, standardNormal(ownKey, SHOCK_FAST));
  const slowShock = mix(SHARED_SLOW, standardNormal(marketKey, SHOCK_SLOW), standardNormal(ownKey, SHOCK_SLOW));
  const priceDeviation =
    REALISED_TO_IMPLIED *
    volatility *
    relativeVolatility(state) *
    Math.sqrt(-Math.expm1(-2 * PRICE_REVERSION * years) / (2 * PRICE_REVERSION));
  const fastDeviation = FAST_DEVIATION * Math.sqrt(-Math.expm1(-2 * FAST_REVERSION * years));
  const slowDeviation = SLOW_DEVIATION * Math.sqrt(-Math.expm1(-2 * SLOW_REVERSION * years));
  const jumped = uniform(ownKey, JUMP_ARRIVAL) < -Math.expm1(-jumpsPerYear * years);
  const jumpSize = jumped ? standardNormal(ownKey, JUMP_SIZE) : 0;
  const jump = jumpDeviation * jumpSize;
  const fastJump = VOLATILITY_PER_JUMP * Math.abs(jumpSize);
  return {
    end: {
      logPrice: state.logPrice * Math.exp(-PRICE_REVERSION * years) + priceDeviation * priceShock + jump,
      slowVolatility: state.slowVolatility * Math.exp(-SLOW_REVERSION * years) + slowDeviation * slowShock,
      fastVolatility: state.fastVolatility * Math.exp(-FAST_REVERSION * years) + fastDeviation * fastShock + fastJump,
    },
    priceDeviation,
    fastDeviation,
    jump,
    fastJump,
    jumpMoment: uniform(ownKey, JUMP_MOMENT),
  };
}

/** A variate with the given correlation to `common`. */
export function mix(correlation: number, common: number, own: number): number {
  return correlation * common + Math.sqrt(1 - correlation * correlation) * own;
}

/** The stream that belongs to a day within a path's stream. */
export function dayKey(pathKey: number, day: number): number {
  return randomBits(pathKey, day);
}
