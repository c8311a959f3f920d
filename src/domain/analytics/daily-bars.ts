import type { PriceBars } from './price-bars.ts';
import type { UnderlyingDay } from './underlying-day.ts';

/** The days with a price, as bars. */
export interface DailyBars {
  readonly days: readonly UnderlyingDay[];
  readonly bars: PriceBars;
}

/** @param days oldest first; those without a price above 0 are left out */
export function dailyBars(days: readonly UnderlyingDay[]): DailyBars {
  const priced = days.filter(({ low, high, open, close }) => low > 0 && high >= low && open > 0 && close > 0 && Number.isFinite(high));
  const column = (value: (day: UnderlyingDay) => number) => Float64Array.from(priced, value);
  return {
    days: priced,
    bars: {
      open: column(({ open }) => open),
      high: column(({ high }) => high),
      low: column(({ low }) => low),
      close: column(({ close }) => close),
    },
  };
}
