import { VOLATILITY_HISTORY_DAYS, type VolatilityRank, volatilityRank } from '../../domain/volatility/volatility-rank.ts';
import type { VolatilityDay } from './underlying-store.ts';

/** The 30-day volatilities of the last 252 market days of every underlying, in memory. */
export interface VolatilityHistory {
  load(days: readonly VolatilityDay[]): void;
  /** Rank of today's value among the days before `day` (`YYYY-MM-DD`). */
  rank(symbol: string, day: string, impliedVolatility30d: number): VolatilityRank;
  /** The last value of a day counts. */
  record(day: VolatilityDay): void;
}

export function createVolatilityHistory(): VolatilityHistory {
  const bySymbol = new Map<string, VolatilityDay[]>();

  function record(entry: VolatilityDay): void {
    const days = bySymbol.get(entry.symbol) ?? [];
    bySymbol.set(entry.symbol, days);
    // A recording may start over: days can come again and out of order.
    let index = days.length;
    while (index > 0 && days[index - 1]!.day > entry.day) index--;
    if (index > 0 && days[index - 1]!.day === entry.day) days[index - 1] = entry;
    else days.splice(index, 0, entry);
    if (days.length > VOLATILITY_HISTORY_DAYS + 1) days.shift();
  }

  return {
    load: (days) => days.forEach(record),
    record,
    rank(symbol, day, impliedVolatility30d) {
      const prior: number[] = [];
      for (const entry of bySymbol.get(symbol) ?? []) {
        if (entry.day < day) prior.push(entry.impliedVolatility30d);
      }
      return volatilityRank(prior, impliedVolatility30d);
    },
  };
}
