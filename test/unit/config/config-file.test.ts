import { describe, expect, it } from 'vitest';
import { configOf, issuesOf } from './load.ts';

describe('an empty file', () => {
  it.each(['', '\n\n', '# only a comment\n', '---\n', 'null\n', '~', 'server:\nfeed:\n', 'feed:\n  symbols:\n  path: ~\n', '{}'])(
    '%j changes nothing',
    (yaml) => {
      expect(configOf({ yaml })).toEqual(configOf());
    },
  );
});

describe('a file of the wrong form', () => {
  it.each([
    ['- server\n- feed\n', 'strikewire.yaml:1:1: expected a mapping with sections such as server: and feed:, got a list'],
    ['just words\n', 'strikewire.yaml:1:1: expected a mapping with sections such as server: and feed:, got a single value'],
    ['server:\n  - port: 1\n', 'strikewire.yaml:2:3: expected server to be a mapping, got a list'],
    ['feed: replay\n', 'strikewire.yaml:1:7: expected feed to be a mapping, got a single value'],
    ['feed:\n  deribit: BTC\n', 'strikewire.yaml:2:12: expected feed.deribit to be a mapping, got a single value'],
  ])('%j says what was expected and where', (yaml, issue) => {
    expect(issuesOf({ yaml })).toEqual([issue]);
  });
});

describe('a malformed file', () => {
  it.each([
    ['server:\n  port: [1, 2\n', 'strikewire.yaml:3:1: expected YAML, but'],
    ['server:\n\tport: 1\n', 'strikewire.yaml:2:1: expected YAML, but a tab is used as indentation'],
    ['server:\n  port: 1\n  port: 2\n', 'strikewire.yaml:3:3: expected YAML, but a key is given twice'],
    ['server: {}\n---\nfeed: {}\n', 'strikewire.yaml:2:1: expected YAML, but a second document begins'],
    ['feed:\n  path: a: b\n', 'strikewire.yaml:2:9: expected YAML, but a nested mapping begins on the line of its key'],
    ['feed:\n  path: !env X\n', 'strikewire.yaml:2:9: expected YAML, but a tag (!name) is not known'],
    ['feed:\n  path: *nowhere\n', 'strikewire.yaml:2:9: expected YAML, but an alias'],
    ['feed:\n  path: @x\n', 'strikewire.yaml:2:9: expected YAML, but a text begins with a character that needs quotes'],
  ])('%j is refused with its place', (yaml, beginning) => {
    const issues = issuesOf({ yaml });
    expect(issues[0]).toContain(beginning);
  });

  it('is told once per line', () => {
    const lines = issuesOf({ yaml: 'server: ]]]\n  port: }}\nfeed: "x\n' }).map((issue) => issue.split(':')[1]);
    expect(new Set(lines).size).toBe(lines.length);
  });
});

describe('unknown keys', () => {
  it.each([
    ['feed:\n  knd: replay\n', 'strikewire.yaml:2:3: unknown key feed.knd, the nearest known is feed.kind'],
    ['feeds:\n  kind: replay\n', 'strikewire.yaml:1:1: unknown key feeds, the nearest known is feed'],
    ['port: 1\n', 'strikewire.yaml:1:1: unknown key port, the nearest known is server.port'],
    ['FEED_PATH: x\n', 'strikewire.yaml:1:1: unknown key FEED_PATH, the nearest known is feed.path'],
    ['feed:\n  tradier:\n    uri: x\n', 'strikewire.yaml:3:5: unknown key feed.tradier.uri, the nearest known is feed.tradier.url'],
    [
      'server:\n  body_limit_bytes: 5000\n',
      'strikewire.yaml:2:3: unknown key server.body_limit_bytes, the nearest known is server.bodyLimitBytes',
    ],
    ['__proto__: 1\n', 'strikewire.yaml:1:1: unknown key (not a name), the nearest known is'],
    ['server:\n  constructor: 1\n', 'strikewire.yaml:2:3: unknown key server.constructor, the nearest known is'],
    ['feed:\n  1: x\n', 'strikewire.yaml:2:3: unknown key feed.(not a name), the nearest known is'],
  ])('%j', (yaml, beginning) => {
    const issues = issuesOf({ yaml });
    expect(issues).toHaveLength(1);
    expect(issues[0]).toContain(beginning);
  });

  it('are reported beside wrong values of the same file', () => {
    expect(issuesOf({ yaml: 'feed:\n  knd: replay\n  seed: -1\n' })).toHaveLength(2);
  });
});

describe('YAML features', () => {
  it('anchors and aliases stand for what they name', () => {
    const yaml = 'feed:\n  symbols: &list [SPX, RUT]\n  deribit:\n    currencies: *list\n';
    expect(configOf({ yaml }).feed.deribit.currencies).toEqual(['SPX', 'RUT']);
  });

  it('a list that holds itself is refused like any other wrong item', () => {
    expect(issuesOf({ yaml: 'feed:\n  symbols: &a [*a]\n' })).toHaveLength(1);
  });

  it('a section that holds itself is refused', () => {
    expect(issuesOf({ yaml: 'feed: &a\n  simulated: *a\n' }).length).toBeGreaterThan(0);
  });

  it('a bomb of aliases is refused', () => {
    const level = (name: string, of: string) => `${name}: &${name} [${Array(10).fill(`*${of}`).join(', ')}]`;
    const yaml = `a: &a [x, x]\n${['b', 'c', 'd', 'e'].map((name, index) => level(name, 'abcd'[index]!)).join('\n')}\nfeed:\n  symbols: *e\n`;
    expect(issuesOf({ yaml }).at(-1)).toContain('feed.symbols');
  });

  it('a byte order mark and Windows line ends do no harm', () => {
    expect(configOf({ yaml: '\ufeffserver:\r\n  port: 9\r\n' }).server.port).toBe(9);
  });
});
