import { parseDate } from '../calendar/day-number.ts';
import { usMarketDay } from '../calendar/us-market-day.ts';
import type { UnderlyingKind } from '../chain/underlying-profile.ts';
import { TRADING_DAYS_PER_YEAR } from './realised-volatility.ts';

/** The days on which a market is open. */
export interface MarketDays {
  readonly perYear: number;
  readonly perWeek: number;
  /** @param day `YYYY-MM-DD` */
  isOpen(day: string): boolean;
}

const CRYPTO: MarketDays = { perYear: 365, perWeek: 7, isOpen: () => true };

const UNITED_STATES: MarketDays = {
  perYear: TRADING_DAYS_PER_YEAR,
  perWeek: 5,
  isOpen(day) {
    const number = parseDate(day);
    return number !== null && usMarketDay(number) !== 'CLOSED';
  },
};

/** Crypto never closes; the US markets do on weekends and holidays, when quotes that stay as they were are no day of their own. */
export function marketDaysOf(kind: UnderlyingKind): MarketDays {
  return kind === 'CRYPTO' ? CRYPTO : UNITED_STATES;
}
