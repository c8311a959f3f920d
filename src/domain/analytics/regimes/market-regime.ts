import { trendOf } from '../trend.ts';
import type { RegimeDay } from './regime-day.ts';
import { type VolatilityRegimeLabel, volatilityRegimes } from './volatility-regime.ts';

export const MARKET_REGIMES = ['TRENDING_UP', 'TRENDING_DOWN', 'RANGING', 'STRESSED'] as const;
export type MarketRegimeLabel = (typeof MARKET_REGIMES)[number];

export interface MarketRegime {
  readonly label: MarketRegimeLabel;
  /** The first day of it, `YYYY-MM-DD`. */
  readonly since: string;
  /** Days of it so far, the first included. */
  readonly days: number;
  /** Mann-Kendall's Z of the prices of the last 20 days. */
  readonly trendZ: number;
  /** Of the line through the logarithms of those prices, per day, decimal: 0.001 is 0.1 % a day. */
  readonly trendPerDay: number;
  /** Distance between the first and the last of those prices over the sum of the distances between neighbours, 0 to 1 (Kaufman 1995); 1: straight. */
  readonly efficiency: number;
  /** Null: unknown. */
  readonly volatility: VolatilityRegimeLabel | null;
  readonly inputs: RegimeDay;
}

const TREND_DAYS = 20;
const LEAST_TREND_DAYS = 10;
/** A trend begins with what would be 95 % confidence for independent values and is over below 80 %. Prices are not independent: this describes, it does not foretell. */
const TREND_BEGINS = 1.96;
const TREND_ENDS = 1.282;

/**
 * Where the market goes: STRESSED while the volatility regime is EXTREME and the term structure is not upward, otherwise by the trend of the last 20 days.
 *
 * @param days oldest first; those without a price are left out
 * @returns of the last day; null with fewer than 10 days
 */
export function marketRegime(days: readonly RegimeDay[]): MarketRegime | null {
  const priced = days.filter(({ price }) => price > 0 && Number.isFinite(price));
  const volatilities = volatilityRegimes(priced);
  let trending = 0;
  let current = null as MarketRegime | null;
  for (let index = LEAST_TREND_DAYS - 1; index < priced.length; index++) {
    const inputs = priced[index]!;
    const trend = trendUpTo(priced, index);
    if (Math.abs(trend.trendZ) < TREND_ENDS || Math.sign(trend.trendZ) !== trending) trending = 0;
    if (Math.abs(trend.trendZ) >= TREND_BEGINS) trending = Math.sign(trend.trendZ);
    const volatility = volatilities[index]?.label ?? null;
    const label = labelOf(trending, volatility === 'EXTREME' && !(inputs.termSlope > 0));
    const isSame: boolean = current?.label === label;
    current = {
      label,
      since: isSame ? current!.since : inputs.day,
      days: isSame ? current!.days + 1 : 1,
      ...trend,
      volatility,
      inputs,
    };
  }
  return current;
}

function labelOf(trending: number, isStressed: boolean): MarketRegimeLabel {
  if (isStressed) return 'STRESSED';
  if (trending === 0) return 'RANGING';
  return trending > 0 ? 'TRENDING_UP' : 'TRENDING_DOWN';
}

function trendUpTo(days: readonly RegimeDay[], index: number): Pick<MarketRegime, 'trendZ' | 'trendPerDay' | 'efficiency'> {
  const window = days.slice(Math.max(0, index + 1 - TREND_DAYS), index + 1);
  const logs = Float64Array.from(window, ({ price }) => Math.log(price));
  const trend = trendOf(
    Float64Array.from(window, (_day, time) => time),
    logs,
  )!;
  let path = 0;
  for (let i = 1; i < logs.length; i++) path += Math.abs(logs[i]! - logs[i - 1]!);
  return {
    trendZ: trend.kendallZ,
    trendPerDay: trend.slope,
    efficiency: path === 0 ? 0 : Math.abs(logs.at(-1)! - logs[0]!) / path,
  };
}
