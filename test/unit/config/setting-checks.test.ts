import { describe, expect, it } from 'vitest';
import { isLoopbackHost } from '../../../src/config/loopback-host.ts';
import { configOf, issuesOf } from './load.ts';

describe('the host', () => {
  it.each(['127.0.0.1', '127.255.255.254', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1', 'localhost', 'LOCALHOST'])(
    '%s is loopback',
    (host) => {
      expect(isLoopbackHost(host)).toBe(true);
      expect(configOf({ env: { HOST: host } }).server.host).toBe(host);
    },
  );

  it.each([
    '0.0.0.0',
    '::',
    '192.168.1.5',
    '126.255.255.255',
    '128.0.0.1',
    '::2',
    '::ffff:10.0.0.1',
    'example.com',
    'localhost.example.com',
    '127.1',
    '0',
    '0177.0.0.1',
    '[127.0.0.1',
  ])('%s is not loopback and refuses to start while no authentication is configured', (host) => {
    expect(isLoopbackHost(host)).toBe(false);
    expect(issuesOf({ env: { HOST: host } })).toEqual([
      `environment variable HOST: HOST "${host}" is not a loopback address and no authentication is configured: ` +
        'set one of AUTH_JWT_SECRET, AUTH_JWT_PUBLIC_KEY, AUTH_JWKS_URL, or HOST=127.0.0.1',
    ]);
  });

  it('any address will do once authentication is configured', () => {
    expect(configOf({ env: { HOST: '0.0.0.0', AUTH_JWT_SECRET: 'x'.repeat(32) } }).server.host).toBe('0.0.0.0');
  });
});

describe('authentication', () => {
  it('is configured in one way only', () => {
    expect(issuesOf({ env: { AUTH_JWT_SECRET: 'x'.repeat(32), AUTH_JWKS_URL: 'https://login.example.com/jwks.json' } })).toEqual([
      expect.stringContaining('expected one of AUTH_JWT_SECRET, AUTH_JWT_PUBLIC_KEY, AUTH_JWKS_URL, got AUTH_JWT_SECRET and AUTH_JWKS_URL'),
    ]);
  });

  it('has a secret that is long enough, and never shows it', () => {
    const issues = issuesOf({ env: { AUTH_JWT_SECRET: 'too-short-to-be-safe' } });
    expect(issues).toEqual([expect.stringContaining('expected a secret of at least 32 characters, got 20')]);
    expect(issues.join()).not.toContain('too-short-to-be-safe');
  });
});

describe('an IPv6 address in brackets', () => {
  it('is the address in them', () => {
    expect(configOf({ env: { HOST: '[::1]' } }).server.host).toBe('::1');
    expect(issuesOf({ env: { HOST: '[::]' } })).toEqual([expect.stringContaining('HOST "::" is not a loopback address')]);
  });
});

describe('feeds get what they need', () => {
  it('replay a path', () => {
    expect(issuesOf({ env: { FEED: 'replay' } })).toEqual([
      expect.stringMatching(/^environment variable FEED: .*set FEED_PATH \(--path\)/),
    ]);
    expect(configOf({ env: { FEED: 'replay', FEED_PATH: '/x' } }).feed.path).toBe('/x');
  });

  it('a path on the command line the feed replay', () => {
    expect(issuesOf({ argv: ['--path', 'x'] })).toEqual([
      'flag --path: only the feed replay reads a path, but the feed is simulated: add --feed replay',
    ]);
    expect(configOf({ yaml: 'feed:\n  path: x\n' }).feed.kind).toBe('simulated');
  });

  it('tradier a token and symbols, both told at once', () => {
    expect(issuesOf({ env: { FEED: 'tradier' } })).toEqual([
      expect.stringContaining('set FEED_TRADIER_TOKEN'),
      'environment variable FEED: the feed tradier expects the symbols to read, got none: set FEED_SYMBOLS (--symbols), for example AAPL,SPY',
    ]);
    expect(issuesOf({ env: { FEED: 'tradier', FEED_TRADIER_TOKEN: 'abc' } })).toHaveLength(1);
    const { feed } = configOf({ env: { FEED: 'tradier', FEED_TRADIER_TOKEN: 'abc', FEED_SYMBOLS: 'AAPL' } });
    expect([feed.tradier.token, feed.symbols]).toEqual(['abc', ['AAPL']]);
  });

  it('cboe accepted terms and symbols, both told at once', () => {
    expect(issuesOf({ env: { FEED: 'cboe' } })).toEqual([
      expect.stringContaining('set FEED_CBOE_ACCEPT_TERMS=true'),
      expect.stringContaining('set FEED_SYMBOLS (--symbols)'),
    ]);
    expect(configOf({ env: { FEED: 'cboe', FEED_CBOE_ACCEPT_TERMS: 'true', FEED_SYMBOLS: 'SPX' } }).feed.kind).toBe('cboe');
  });

  it('deribit a currency', () => {
    expect(issuesOf({ yaml: 'feed:\n  kind: deribit\n  deribit:\n    currencies: []\n' })).toEqual([
      expect.stringContaining('at least one currency'),
    ]);
  });

  it('without blaming a setting that is malformed for being absent', () => {
    expect(issuesOf({ yaml: 'feed:\n  kind: replay\n  path: 7\n' })).toEqual([
      expect.stringContaining('feed.path: expected a file or directory'),
    ]);
  });
});

describe('the retention', () => {
  it('keeps nothing shorter than what it is made of', () => {
    expect(issuesOf({ env: { RETENTION_RAW_DAYS: '400' } })).toEqual([
      expect.stringContaining('expected RETENTION_MINUTE_ROLLUPS_DAYS to be at least RETENTION_RAW_DAYS (400 days), got 365'),
    ]);
    expect(issuesOf({ env: { RETENTION_DAY_ROLLUPS_DAYS: '10' } })).toEqual([
      expect.stringContaining('expected RETENTION_DAY_ROLLUPS_DAYS to be at least RETENTION_HOUR_ROLLUPS_DAYS (730 days), got 10'),
    ]);
    expect(issuesOf({ env: { RETENTION_RAW_DAYS: '0' } })).toHaveLength(1);
  });

  it('may be the same for all', () => {
    const days = ['RAW', 'MINUTE_ROLLUPS', 'HOUR_ROLLUPS', 'DAY_ROLLUPS'].map((tier) => [`RETENTION_${tier}_DAYS`, '1']);
    expect(configOf({ env: Object.fromEntries(days) }).retention).toEqual({
      rawDays: 1,
      minuteRollupsDays: 1,
      hourRollupsDays: 1,
      dayRollupsDays: 1,
    });
  });
});
