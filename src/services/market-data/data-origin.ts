import type { FeedKind } from './market-data-feed.ts';

/** What kind of market the data of a feed is true of. Data of different origins must not mix: results, volatility histories and statistics would mean nothing. */
export const DATA_ORIGINS = ['simulated', 'replay', 'live'] as const;
export type DataOrigin = (typeof DATA_ORIGINS)[number];

export function dataOriginOf(feed: FeedKind): DataOrigin {
  return feed === 'simulated' || feed === 'replay' ? feed : 'live';
}
