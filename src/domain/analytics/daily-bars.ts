import { parseDate } from '../calendar/day-number.ts';
import type { PriceBars } from './price-bars.ts';
import type { UnderlyingDay } from './underlying-day.ts';

/** Days with a price, as bars. Where the days have a gap there is a bar of NaN: what moves over a month is no daily return. */
export interface DailyBars {
  /** By bar; null: a gap. */
  readonly days: readonly (UnderlyingDay | null)[];
  readonly bars: PriceBars;
}

/** Calendar days from one to the next: a long weekend and a holiday are no gap. */
const LONGEST_STEP = 7;

/** @param days oldest first; those without a price above 0 are left out */
export function dailyBars(days: readonly UnderlyingDay[]): DailyBars {
  const rows: (UnderlyingDay | null)[] = [];
  let lastDay: string | null = null;
  for (const day of days) {
    if (!isPriced(day)) continue;
    if (lastDay !== null && daysBetween(lastDay, day.day) > LONGEST_STEP) rows.push(null);
    rows.push(day);
    lastDay = day.day;
  }
  const column = (value: (day: UnderlyingDay) => number) => Float64Array.from(rows, (day) => (day === null ? Number.NaN : value(day)));
  return {
    days: rows,
    bars: {
      open: column(({ open }) => open),
      high: column(({ high }) => high),
      low: column(({ low }) => low),
      close: column(({ close }) => close),
    },
  };
}

function isPriced({ open, high, low, close }: UnderlyingDay): boolean {
  return low > 0 && high >= low && open > 0 && close > 0 && Number.isFinite(high);
}

function daysBetween(from: string, to: string): number {
  return (parseDate(to) ?? Number.NaN) - (parseDate(from) ?? Number.NaN);
}
