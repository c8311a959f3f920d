import { FAST_REVERSION, type PathState, relativeVolatility, SLOW_DEVIATION, SLOW_REVERSION } from './path-state.ts';

/** Shape of a smile: SSVI's correlation (skew, negative: puts dearer) and curvature. */
export interface SmileParameters {
  readonly skew: number;
  /** At most 2/(1 + |skew|): then no strikes and no expirations can be traded against each other (Gatheral and Jacquier 2014, remark 4.4). */
  readonly curvature: number;
}

/** Implied volatilities stay between these multiples of the long-run level, whatever the path does. */
const LEAST_RELATIVE_VOLATILITY = 0.25;
const MOST_RELATIVE_VOLATILITY = 4;

/** The smile of one expiration at one moment. */
export interface Smile {
  readonly yearFraction: number;
  /** At-the-money total variance, decimal. */
  readonly totalVariance: number;
  readonly skew: number;
  /** SSVI's φ. */
  readonly steepness: number;
}

/**
 * At-the-money total variance to expiration: each part of the variance above or below its level decays at its own rate, so the term structure falls when
 * markets are nervous and rises when they are calm (the two-factor form of Heston's expected variance; Bergomi, "Stochastic volatility modeling", ch. 7).
 * It grows with time to expiration, as it must.
 */
export function totalVariance(volatility: number, state: PathState, yearFraction: number): number {
  const longRun = volatility * volatility;
  const now = longRun * clamp(relativeVolatility(state)) ** 2;
  const level = longRun * clamp(Math.exp(state.slowVolatility - SLOW_DEVIATION ** 2)) ** 2;
  return (
    longRun * yearFraction +
    (level - longRun) * decayed(SLOW_REVERSION, yearFraction) +
    (now - level) * decayed(FAST_REVERSION, yearFraction)
  );
}

/** SSVI with the power law φ(θ) = η/√(θ(1+θ)) (J. Gatheral and A. Jacquier, "Arbitrage-free SVI volatility surfaces", Quantitative Finance 14, 2014). */
export function smileAt({ skew, curvature }: SmileParameters, variance: number, yearFraction: number): Smile {
  return { yearFraction, totalVariance: variance, skew, steepness: curvature / Math.sqrt(variance * (1 + variance)) };
}

/** Implied volatility, decimal, at k = ln(K/F). */
export function smileVolatility(smile: Smile, logMoneyness: number): number {
  const x = smile.steepness * logMoneyness;
  const tilted = x + smile.skew;
  const root = Math.sqrt(tilted * tilted + 1 - smile.skew * smile.skew);
  return Math.sqrt((0.5 * smile.totalVariance * (1 + smile.skew * x + root)) / smile.yearFraction);
}

/** ∫ e^(-rate·t) dt over the time to expiration. */
function decayed(rate: number, years: number): number {
  return -Math.expm1(-rate * years) / rate;
}

function clamp(relative: number): number {
  return Math.min(MOST_RELATIVE_VOLATILITY, Math.max(LEAST_RELATIVE_VOLATILITY, relative));
}
