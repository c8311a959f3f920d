import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../src/config/config-error.ts';
import { loadConfig } from '../../../src/config/load-config.ts';
import { CWD, configOf, issuesOf, load } from './load.ts';

describe('defaults', () => {
  it('need nothing to be given', () => {
    const config = configOf();
    expect(config.server).toMatchObject({ host: '127.0.0.1', port: 4000, corsOrigins: [], shutdownTimeoutMs: 10_000 });
    expect(config.feed).toMatchObject({ kind: 'simulated', loop: true, symbols: [], deribit: { currencies: ['BTC', 'ETH'] } });
    expect(config.database.url).toBeUndefined();
    expect(config.redis.url).toBeUndefined();
    expect(config.feed.tradier.token).toBeUndefined();
  });

  it('are not shared between two loads', () => {
    expect(configOf().feed.symbols).not.toBe(configOf().feed.symbols);
  });
});

describe('precedence', () => {
  const yaml = 'server:\n  port: 1001\n  corsOrigins: [https://a.example]\nlog:\n  level: debug\n';

  it('puts flags over variables over the file over defaults', () => {
    const env = { PORT: '1002', LOG_LEVEL: 'warn' };
    expect(configOf({ argv: ['--port', '1003'], env, yaml }).server.port).toBe(1003);
    expect(configOf({ env, yaml }).server.port).toBe(1002);
    expect(configOf({ yaml }).server.port).toBe(1001);
    expect(configOf().server.port).toBe(4000);
  });

  it('decides each setting by itself', () => {
    const config = configOf({ argv: ['--port', '1003'], env: { LOG_LEVEL: 'warn' }, yaml });
    expect([config.server.port, config.log.level, config.server.corsOrigins]).toEqual([1003, 'warn', ['https://a.example']]);
  });

  it('replaces lists as a whole', () => {
    expect(configOf({ env: { CORS_ORIGINS: 'https://b.example' }, yaml }).server.corsOrigins).toEqual(['https://b.example']);
  });

  it('takes an empty variable as absent', () => {
    expect(configOf({ env: { PORT: '', LOG_LEVEL: '  ' }, yaml })).toMatchObject({ server: { port: 1001 }, log: { level: 'debug' } });
  });

  it('ignores a malformed value that is overridden', () => {
    expect(configOf({ argv: ['--port', '5'], env: { PORT: 'tcp://10.0.0.1:80' } }).server.port).toBe(5);
  });
});

describe('the result', () => {
  it('is frozen all the way down', () => {
    const config = configOf({ env: { FEED_SYMBOLS: 'SPX' } });
    for (const part of [config, config.feed, config.feed.symbols, config.feed.deribit, config.feed.deribit.currencies]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  it('has absolute paths, relative to the working directory', () => {
    const config = configOf({ argv: ['--feed', 'replay', '--path', '../data/spx.csv'] });
    expect([config.feed.path, config.database.dataDirectory]).toEqual(['/srv/data/spx.csv', `${CWD}/.strikewire`]);
    expect(configOf({ env: { DATA_DIR: '/var/lib/strikewire' } }).database.dataDirectory).toBe('/var/lib/strikewire');
  });

  it('does not change what it is given', () => {
    const deps = { argv: Object.freeze(['--port', '1']), env: Object.freeze({ LOG_LEVEL: 'warn' }), cwd: CWD, readFile: () => '' };
    expect(() => loadConfig(deps)).not.toThrow();
  });
});

describe('the file', () => {
  it('is strikewire.yaml in the working directory when there is one', () => {
    expect(load({ yaml: 'server: {port: 7}' })).toMatchObject({ configFile: `${CWD}/strikewire.yaml`, config: { server: { port: 7 } } });
    expect(load()).toMatchObject({ kind: 'config', configFile: undefined });
  });

  it('is the one named by --config, else by STRIKEWIRE_CONFIG, else the default one', () => {
    const files = { '/etc/a.yaml': 'server: {port: 1}', [`${CWD}/b.yaml`]: 'server: {port: 2}' };
    const yaml = 'server: {port: 3}';
    const env = { STRIKEWIRE_CONFIG: 'b.yaml' };
    expect(configOf({ argv: ['--config', '/etc/a.yaml'], env, files, yaml }).server.port).toBe(1);
    expect(configOf({ env, files, yaml }).server.port).toBe(2);
    expect(configOf({ files, yaml }).server.port).toBe(3);
  });

  it('must exist when it is named', () => {
    expect(issuesOf({ argv: ['--config=gone.yaml'] })).toEqual([
      'flag --config: expected a readable file, but "gone.yaml" cannot be read (ENOENT)',
    ]);
    expect(issuesOf({ env: { STRIKEWIRE_CONFIG: 'gone.yaml' } })).toEqual([
      'environment variable STRIKEWIRE_CONFIG: expected a readable file, but "gone.yaml" cannot be read (ENOENT)',
    ]);
  });

  it('that is there but cannot be read is an error even when nobody named it', () => {
    const readFile = () => {
      throw Object.assign(new Error('denied'), { code: 'EACCES' });
    };
    expect(() => loadConfig({ argv: [], env: {}, cwd: CWD, readFile })).toThrow(/strikewire\.yaml: expected a readable file.*EACCES/);
  });

  it('that breaks for another reason does not become a configuration error', () => {
    const readFile = () => {
      throw new TypeError('a defect');
    };
    expect(() => loadConfig({ argv: [], env: {}, cwd: CWD, readFile })).toThrow(TypeError);
  });
});

describe('help and version', () => {
  it('win over everything that is wrong', () => {
    expect(load({ argv: ['--nonsense', '--help'], env: { PORT: 'x' }, yaml: '[' })).toMatchObject({ kind: 'help' });
    expect(load({ argv: ['-h'] })).toMatchObject({ kind: 'help' });
    expect(load({ argv: ['--version'], env: { PORT: 'x' } })).toEqual({ kind: 'version' });
    expect(load({ argv: ['-v'] })).toEqual({ kind: 'version' });
  });
});

describe('errors', () => {
  it('are reported all at once, from every source, with the place', () => {
    const issues = issuesOf({
      argv: ['--sped', '5', '--feed', 'replay', '--host=0.0.0.0'],
      env: { PORT: 'abc', FEED_SPED: '1' },
      yaml: 'port: 3\nfeed:\n  loop: maybe\nscanner: [1]\nlog:\n  level: loud\n',
    });
    expect(issues).toEqual([
      'command line: unknown flag --sped, the nearest known is --speed',
      'environment: unknown variable FEED_SPED, the nearest known is FEED_SPEED',
      'strikewire.yaml:1:1: unknown key port, the nearest known is server.port',
      'strikewire.yaml:4:10: expected scanner to be a mapping, got a list',
      'environment variable PORT: expected a whole number from 0 to 65535, got "abc"',
      'strikewire.yaml:3:9: feed.loop: expected true or false, got "maybe"',
      expect.stringMatching(/^strikewire\.yaml:6:10: log\.level: expected one of trace, debug,.*, got "loud"$/),
      expect.stringMatching(/^flag --host: HOST "0\.0\.0\.0" is not a loopback address/),
      expect.stringMatching(/^flag --feed: the feed replay expects a recording, got none/),
    ]);
  });

  it('stand in the message of the error, one a line', () => {
    const attempt = () => load({ env: { PORT: 'abc', SCANNER_CONCURRENCY: '0' } });
    expect(attempt).toThrow(ConfigError);
    expect(attempt).toThrow(
      'The configuration has 2 errors:\n' +
        '  environment variable PORT: expected a whole number from 0 to 65535, got "abc"\n' +
        '  environment variable SCANNER_CONCURRENCY: expected a whole number from 1 to 64, got the number 0',
    );
  });

  it('of a file that is no YAML do not blame settings the file may hold', () => {
    const issues = issuesOf({ env: { FEED: 'replay', PORT: 'abc' }, yaml: 'feed:\n  path: "spx\n' });
    expect(issues).toEqual([
      expect.stringMatching(/^strikewire\.yaml:\d+:\d+: expected YAML, but/),
      'environment variable PORT: expected a whole number from 0 to 65535, got "abc"',
    ]);
  });
});
