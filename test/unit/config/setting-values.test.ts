import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configOf, issuesOf } from './load.ts';

const port = (text: string) => configOf({ env: { PORT: text } }).server.port;

describe('whole numbers', () => {
  it.each([
    ['0', 0],
    ['65535', 65_535],
    ['+80', 80],
    ['1e3', 1000],
    ['80.0', 80],
    [' 80 ', 80],
  ])('reads %j', (written, expected) => {
    expect(port(written)).toBe(expected);
  });

  it.each([
    '-1',
    '65536',
    '80.5',
    'NaN',
    'Infinity',
    '-Infinity',
    '1e999',
    '99999999999999999999999',
    '0x50',
    '0b1',
    '8_0',
    '80a',
    '1,000',
    '--',
    'null',
  ])('refuses %j', (written) => {
    expect(issuesOf({ env: { PORT: written } })).toEqual([
      expect.stringMatching(/^environment variable PORT: expected a whole number from 0 to 65535, got /),
    ]);
  });

  it.each(['.nan', '.inf', '-.inf', '-5', '1e400', 'true', '80.5', '[80]', '{a: 80}', '2001-01-01'])('refuses %s in YAML', (written) => {
    expect(issuesOf({ yaml: `server:\n  port: ${written}\n` })).toEqual([
      expect.stringMatching(/^strikewire\.yaml:2:9: server\.port: expected a whole number from 0 to 65535, got /),
    ]);
  });

  it('reads any number in range and refuses any out of range', () => {
    const outOfRange = fc.oneof(fc.integer({ max: -1 }), fc.integer({ min: 65_536 }));
    fc.assert(fc.property(fc.integer({ min: 0, max: 65_535 }), (number) => void expect(port(String(number))).toBe(number)));
    fc.assert(fc.property(outOfRange, (number) => void expect(issuesOf({ env: { PORT: String(number) } })).toHaveLength(1)));
  });
});

describe('switches', () => {
  it.each([
    ['true', true],
    ['TRUE', true],
    ['Yes', true],
    ['on', true],
    ['1', true],
    ['false', false],
    ['No', false],
    ['OFF', false],
    ['0', false],
  ])('reads %j', (written, expected) => {
    expect(configOf({ env: { FEED_LOOP: written } }).feed.loop).toBe(expected);
    expect(configOf({ argv: ['--loop', written] }).feed.loop).toBe(expected);
    expect(configOf({ yaml: `feed:\n  loop: "${written}"\n` }).feed.loop).toBe(expected);
  });

  it.each(['tru', 'yess', '2', '-1', 'y', 'enabled', 'null'])('refuses %j', (written) => {
    expect(issuesOf({ env: { FEED_LOOP: written } })).toEqual([`environment variable FEED_LOOP: expected true or false, got "${written}"`]);
  });

  it('refuses a number in YAML', () => {
    expect(issuesOf({ yaml: 'feed:\n  loop: 1\n' })).toEqual(['strikewire.yaml:2:9: feed.loop: expected true or false, got the number 1']);
  });
});

describe('the replay speed', () => {
  it.each([
    ['60', 60],
    ['0.5', 0.5],
    ['.5', 0.5],
    ['step', 'step'],
  ])('reads %j', (written, expected) => {
    expect(configOf({ argv: ['--speed', written] }).feed.speed).toBe(expected);
  });

  it.each(['0', '-1', 'fast', 'NaN', '1e999', '1000001', 'steps'])('refuses %j', (written) => {
    expect(issuesOf({ argv: ['--speed', written] })).toEqual([
      expect.stringMatching(/^flag --speed: expected a number above 0 .* or "step", got /),
    ]);
  });
});

describe('choices', () => {
  it('are read in any case', () => {
    expect(configOf({ env: { LOG_LEVEL: 'DEBUG' } }).log.level).toBe('debug');
  });

  it('name what can be chosen when they refuse', () => {
    expect(issuesOf({ env: { FEED: 'nasdaq' } })).toEqual([
      'environment variable FEED: expected one of simulated, replay, deribit, cboe, tradier, got "nasdaq"',
    ]);
    expect(issuesOf({ yaml: 'feed: {kind: 3}' })).toEqual([expect.stringContaining('got the number 3')]);
  });
});

describe('lists', () => {
  it('are read from commas and from YAML sequences, once each, in order', () => {
    const expected = ['SPX', 'BRK.B', 'VIX'];
    expect(configOf({ env: { FEED_SYMBOLS: ' spx, brk.b ,,^VIX,SPX,_spx' } }).feed.symbols).toEqual(expected);
    expect(configOf({ yaml: 'feed:\n  symbols: [spx, BRK.B, ^VIX, SPX]\n' }).feed.symbols).toEqual(expected);
    expect(configOf({ yaml: 'feed:\n  symbols: spx, BRK.B, ^VIX\n' }).feed.symbols).toEqual(expected);
  });

  it('take several flags together', () => {
    expect(configOf({ argv: ['--symbols', 'SPX,RUT', '--symbols=BTC'] }).feed.symbols).toEqual(['SPX', 'RUT', 'BTC']);
  });

  it('show the item that is wrong', () => {
    expect(issuesOf({ env: { FEED_SYMBOLS: 'SPX,S P' } })).toEqual([
      'environment variable FEED_SYMBOLS: expected symbols such as SPX, with commas between them, got "S P"',
    ]);
    expect(issuesOf({ yaml: 'feed:\n  symbols: [SPX, 7]\n' })).toEqual([expect.stringContaining('got the number 7')]);
    expect(issuesOf({ yaml: 'feed:\n  symbols: {SPX: 1}\n' })).toEqual([expect.stringContaining('got a mapping')]);
  });

  it.each(['https://app.example.com/', 'app.example.com', 'https://a.example/x', 'ftp://a.example'])('refuse %j as an origin', (origin) => {
    expect(issuesOf({ env: { CORS_ORIGINS: origin } })).toHaveLength(1);
  });
});

describe('texts', () => {
  it('refuse YAML numbers, which would not be what was written', () => {
    expect(issuesOf({ yaml: 'database:\n  dataDirectory: 007\n' })).toEqual([
      'strikewire.yaml:2:18: database.dataDirectory: expected a directory, got the number 7',
    ]);
  });

  it('refuse the empty text', () => {
    expect(issuesOf({ yaml: 'server:\n  host: ""\n' })).toEqual([expect.stringContaining('got ""')]);
  });

  it('are cut and escaped when they are shown', () => {
    const [issue] = issuesOf({ env: { PORT: `\u001b[31m${'x'.repeat(500)}` } });
    expect(issue).toContain('\\u001b[31m');
    expect(issue!.length).toBeLessThan(160);
  });
});

describe('URLs', () => {
  it.each([
    ['DATABASE_URL', 'postgres://user:pass@host:5432/db'],
    ['DATABASE_URL', 'postgresql://a:5432,b:5432/db'],
    ['DATABASE_URL', 'postgres:///db?host=/run/postgresql'],
    ['REDIS_URL', 'rediss://host:6380/1'],
    ['FEED_CBOE_URL', 'http://127.0.0.1:8080'],
    ['FEED_DERIBIT_WEBSOCKET_URL', 'ws://127.0.0.1:8080'],
  ])('%s takes %s', (name, value) => {
    expect(() => configOf({ env: { [name]: value } })).not.toThrow();
  });

  it.each([
    ['DATABASE_URL', 'mysql://host/db'],
    ['DATABASE_URL', 'postgres://'],
    ['DATABASE_URL', 'localhost:5432'],
    ['REDIS_URL', 'http://host'],
    ['FEED_CBOE_URL', 'ws://host'],
    ['FEED_CBOE_URL', 'https://a b'],
  ])('%s refuses %s', (name, value) => {
    expect(issuesOf({ env: { [name]: value } })).toEqual([expect.stringMatching(/expected a URL beginning with .*:\/\//)]);
  });
});
