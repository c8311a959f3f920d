import type { UnderlyingKind } from '../chain/underlying-profile.ts';
import type { MarketState } from '../results/scan-result.ts';
import { DAY_MS } from './day-number.ts';
import { newYorkWallMs } from './new-york-time.ts';
import { usMarketDay } from './us-market-day.ts';

const MINUTE_MS = 60_000;
const PRE_MARKET_OPEN = 4 * 60;
const REGULAR_OPEN = 9 * 60 + 30;
/** Index options trade a quarter of an hour longer than stocks (Cboe). */
const INDEX_EXTENSION_MINUTES = 15;

/**
 * The session at a moment (epoch ms, UTC), by New York's clock: pre-market from 4:00, regular from 9:30 to 16:00 (index options to 16:15;
 * on short days 13:00 and 13:15), after hours to 20:00 (17:00 on short days). A quote stamped with the closing moment itself is the
 * regular session's last. Crypto never closes.
 */
export function marketStateAt(kind: UnderlyingKind, utcMs: number): MarketState {
  if (kind === 'CRYPTO') return 'REGULAR';
  const wallMs = newYorkWallMs(utcMs);
  const day = Math.floor(wallMs / DAY_MS);
  const marketDay = usMarketDay(day);
  if (marketDay === 'CLOSED') return 'CLOSED';
  const minute = (wallMs - day * DAY_MS) / MINUTE_MS;
  const isShort = marketDay === 'EARLY_CLOSE';
  const close = (isShort ? 13 * 60 : 16 * 60) + (kind === 'INDEX' ? INDEX_EXTENSION_MINUTES : 0);
  if (minute < PRE_MARKET_OPEN) return 'CLOSED';
  if (minute < REGULAR_OPEN) return 'PRE_MARKET';
  if (minute <= close) return 'REGULAR';
  return minute < (isShort ? 17 * 60 : 20 * 60) ? 'AFTER_HOURS' : 'CLOSED';
}
