import { describe, expect, it } from 'vitest';
import { configOf, issuesOf } from './load.ts';

describe('flags', () => {
  it('take their value behind a space or an equals sign', () => {
    expect(configOf({ argv: ['--port', '1'] }).server.port).toBe(1);
    expect(configOf({ argv: ['--port=2'] }).server.port).toBe(2);
    expect(configOf({ argv: ['--data-dir=/a=b'] }).database.dataDirectory).toBe('/a=b');
    expect(configOf({ argv: ['--', '--port=2'] }).server.port).toBe(2);
  });

  it('of switches may stand alone, take a value or be negated', () => {
    expect(configOf({ argv: ['--loop', '--port', '1'], env: { FEED_LOOP: 'false' } }).feed.loop).toBe(true);
    expect(configOf({ argv: ['--loop', 'false'] }).feed.loop).toBe(false);
    expect(configOf({ argv: ['--loop=off'] }).feed.loop).toBe(false);
    expect(configOf({ argv: ['--no-loop'] }).feed.loop).toBe(false);
    expect(configOf({ argv: ['--no-scan'] }).scanner.autostart).toBe(false);
  });

  it.each([
    [['--no-loop=false'], 'flag --no-loop: expected no value behind it, got one'],
    [['--port'], 'flag --port: expected a whole number from 0 to 65535, got nothing'],
    [['--port='], 'flag --port: expected a whole number from 0 to 65535, got nothing'],
    [['--port', '--loop'], 'flag --port: expected a whole number from 0 to 65535, got nothing'],
    [['--port', '-5'], 'flag --port: expected a whole number from 0 to 65535, got the number -5'],
    [['--port', '1', '--port', '2'], 'flag --port: expected once, got it more than once'],
    [['--loop', '--no-loop'], 'flag --no-loop: expected once, got it more than once'],
    [['--config'], 'flag --config: expected a file behind it, got nothing'],
    [['replay'], 'argument 1: expected a flag such as --feed, got a bare word'],
    [['--speeed=5'], 'command line: unknown flag --speeed, the nearest known is --speed'],
    [['-port', '5'], 'command line: unknown flag --port, the nearest known is --port'],
    [['--FEED', 'replay'], 'command line: unknown flag --FEED, the nearest known is --feed'],
    [['--feed-path', 'x'], 'command line: unknown flag --feed-path, the nearest known is --path'],
    [['--no-port'], 'command line: unknown flag --no-port, the nearest known is'],
    [['-x'], 'command line: unknown flag --x, the nearest known is'],
  ])('%j', (argv, beginning) => {
    const issues = issuesOf({ argv });
    expect(issues).toHaveLength(1);
    expect(issues[0]).toContain(beginning);
  });

  it('name the config file once', () => {
    const files = { '/a.yaml': '', '/b.yaml': '' };
    expect(issuesOf({ argv: ['--config', '/a.yaml', '--config', '/b.yaml'], files })).toEqual([
      'flag --config: expected once, got it more than once',
    ]);
  });
});
