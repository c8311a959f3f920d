import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { createFeed } from '../../../../src/services/market-data/create-feed.ts';
import { createDecodeWorker } from '../../../../src/services/market-data/decode/decode-worker.ts';
import { FEED_KINDS } from '../../../../src/services/market-data/market-data-feed.ts';
import { configOf } from '../../config/load.ts';

const signal = new AbortController().signal;
const ENVIRONMENT = {
  FEED_PATH: 'recordings',
  FEED_SYMBOLS: 'SPX,AAPL',
  FEED_CBOE_ACCEPT_TERMS: 'true',
  FEED_TRADIER_TOKEN: 'tok-3n-s3cret',
};

function feedOf(env: Readonly<Record<string, string>>) {
  const config = configOf({ env: { ...ENVIRONMENT, ...env } }).feed;
  // Its thread starts with the first request, which nobody makes here.
  const decodeWorker = createDecodeWorker();
  return createFeed({ config, decodeWorker, log: pino({ enabled: false }), clock: Date.now, random: Math.random, turn: async () => {} });
}

describe('the feed of a configuration', () => {
  it.each(FEED_KINDS)('is %s when it asks for that, and tells no secret', (kind) => {
    const feed = feedOf({ FEED: kind });
    expect(feed.kind).toBe(kind);
    expect(feed.description).not.toContain(ENVIRONMENT.FEED_TRADIER_TOKEN);
  });

  it('passes the names of underlyings on', async () => {
    const symbolsOf = async (env: Readonly<Record<string, string>>) =>
      (await feedOf(env).listUnderlyings(signal)).map(({ symbol }) => symbol);
    expect(await symbolsOf({ FEED: 'deribit', FEED_DERIBIT_CURRENCIES: 'eth,btc' })).toEqual(['ETH', 'BTC']);
    expect(await symbolsOf({ FEED: 'cboe' })).toEqual(['SPX', 'AAPL']);
    expect(await symbolsOf({ FEED: 'tradier' })).toEqual(['SPX', 'AAPL']);
    expect(await symbolsOf({ FEED: 'simulated', FEED_SIMULATED_UNDERLYINGS: '3' })).toHaveLength(3);
  });

  it('takes addresses from the configuration', () => {
    expect(feedOf({ FEED: 'deribit', FEED_DERIBIT_REST_URL: 'https://test.example/api/v2' }).description).toContain('test.example');
    expect(feedOf({ FEED: 'cboe', FEED_CBOE_URL: 'https://cboe.example/q' }).description).toContain('cboe.example');
    expect(feedOf({ FEED: 'tradier', FEED_TRADIER_URL: 'https://tradier.example/v1' }).description).toContain('tradier.example');
  });
});
