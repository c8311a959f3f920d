export const WEEKDAYS = ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** US_MARKET_DAYS: only days on which the US exchanges open. US_MARKET_SESSION: only while their regular session runs, 9:30 to 16:00 New York, 13:00 on short days. */
export const MARKET_CALENDARS = ['US_MARKET_DAYS', 'US_MARKET_SESSION'] as const;
export type MarketCalendar = (typeof MARKET_CALENDARS)[number];

/** A time of the week. One that ends at or before its beginning ends on the next day. */
export interface TimeWindow {
  /** Days on which it begins; empty: every day. */
  readonly days: readonly Weekday[];
  /** Minutes since midnight on the clock of the time zone, 0 to 1439. */
  readonly fromMinute: number;
  /** 1 to 1440. */
  readonly toMinute: number;
  /** IANA name. */
  readonly timeZone: string;
  /** Null: whatever the markets do. */
  readonly calendar: MarketCalendar | null;
}
