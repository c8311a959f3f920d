import { PUT } from '../../../domain/chain/chain-snapshot.ts';
import { standardNormal } from './standard-normal.ts';

/** What decides how much a contract is held and traded. */
export interface LiquidityTerms {
  /** Stream of the contract. */
  readonly key: number;
  /** UTC day number. */
  readonly day: number;
  readonly right: number;
  /** ln(K/reference)/(σ√T). */
  readonly deviations: number;
  readonly daysAhead: number;
  /** Of strikes: 10 for a multiple of ten steps, 5, or 1. */
  readonly roundness: number;
  readonly isStandard: boolean;
  /** Typical open interest of an at-the-money contract of a monthly expiration one month out. */
  readonly typical: number;
}

const OPEN_INTEREST_PLACE = 1;
const OPEN_INTEREST_DAY_STREAM = 2;
const TURNOVER_STREAM = 3;

/** Logarithms of open interest scatter by about this much around the level that strike and expiration explain (RUT, SPX chains). */
const OPEN_INTEREST_SCATTER = 1;
const TURNOVER_SCATTER = 0.9;
const DAILY_CHANGE = 0.06;

/**
 * Open contracts on a day. Gathers in standard expirations, round strikes, and out-of-the-money contracts: puts about 0.6, calls about 0.5 standard deviations out.
 * Every contract keeps its own level and moves around it from day to day.
 */
export function openInterestOf(terms: LiquidityTerms): number {
  const { key, day, right, deviations, daysAhead, roundness, isStandard, typical } = terms;
  const away = right === PUT ? (deviations + 0.6) / 1.3 : (deviations - 0.5) / 1.1;
  const held = isStandard ? Math.exp(-Math.max(0, daysAhead - 30) / 240) : 0.3 * Math.exp(-daysAhead / 12) + 0.02;
  const roundStrikes = roundness === 10 ? 2.5 : roundness === 5 ? 1.4 : 0.6;
  const scatter =
    OPEN_INTEREST_SCATTER * standardNormal(key, OPEN_INTEREST_PLACE) + DAILY_CHANGE * standardNormal(key + OPEN_INTEREST_DAY_STREAM, day);
  return Math.floor(typical * held * roundStrikes * Math.exp(scatter - 0.5 * away * away));
}

/** Contracts that will trade in a whole day: a share of the open interest (some per cent a month out) that grows steeply near expiration and near the money. */
export function dailyVolumeOf(terms: LiquidityTerms, openInterest: number): number {
  const { key, day, deviations, daysAhead } = terms;
  const turnover = 0.04 + 0.8 * Math.exp(-daysAhead / 3) + 0.1 * Math.exp(-daysAhead / 25);
  const scatter = TURNOVER_SCATTER * standardNormal(key + TURNOVER_STREAM, day);
  return (openInterest + 2) * turnover * Math.exp(scatter - 0.25 * deviations * deviations);
}
