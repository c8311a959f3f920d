import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactLogLine } from '../../../../src/server/logging/redact-log-line.ts';
import { redactUrl } from '../../../../src/server/logging/redact-url.ts';
import { urlHost } from '../../../../src/server/logging/url-host.ts';

describe('redactUrl', () => {
  it.each([
    ['postgres://user:pass@host:5432/db', 'postgres://[redacted]@host:5432/db'],
    ['redis://:pass@host', 'redis://[redacted]@host'],
    ['https://token@host/x', 'https://[redacted]@host/x'],
    ['postgres://user:pa/ss@host/db', 'postgres://[redacted]@host/db'],
    ['postgres://user:p@ss@host/db', 'postgres://[redacted]@host/db'],
    ['postgres://user:p@s/s@host/db', 'postgres://[redacted]@host/db'],
    ['postgres:///db?host=/run&password=x%20y&sslmode=on', 'postgres:///db?host=/run&password=[redacted]&sslmode=on'],
    ['https://host/x?access_token=abc#part', 'https://host/x?access_token=[redacted]#part'],
    ['https://host:8080/path', 'https://host:8080/path'],
    ['https://host/@someone', 'https://host/@someone'],
    ['connect to redis://a:b@h1 and redis://c:d@h2 failed', 'connect to redis://[redacted]@h1 and redis://[redacted]@h2 failed'],
    ['no URL, a@b.example: c@d', 'no URL, a@b.example: c@d'],
  ])('%s', (url, redacted) => {
    expect(redactUrl(url)).toBe(redacted);
  });
});

describe('urlHost', () => {
  it.each([
    ['postgres://user:pass@host:5432/db', 'host:5432'],
    ['postgres://user:p@ss@host/db', 'host'],
    ['postgres://a:5432,b:5433/db?x=1', 'a:5432,b:5433'],
    ['postgres://[::1]:5432/db', '[::1]:5432'],
    ['redis://host', 'host'],
    ['postgres:///db?host=/run/postgresql', ''],
  ])('%s', (url, host) => {
    expect(urlHost(url)).toBe(host);
  });
});

describe('redactLogLine', () => {
  const lineOf = (fields: object) => redactLogLine(`${JSON.stringify(fields)}\n`);

  it.each([
    [{ authorization: 'Bearer abc' }],
    [{ request: { headers: { Authorization: 'Basic abc', 'x-api-key': 'abc' } } }],
    [{ headers: ['authorization', 'abc', 'Cookie', 'abc'] }],
    [{ headers: { 'set-cookie': ['sid=abc', 'b="abc"; c'] } }],
    [{ a: { b: { c: { d: { password: 'say "abc" \\' } } } } }],
    [{ refreshToken: 'abc', client_secret: 'abc', apiKey: 'abc', private_key: 'abc' }],
    [{ msg: 'sent Authorization: Bearer abc to the feed' }],
    [{ msg: 'cannot reach postgres://u:abc@h/db' }],
    [{ err: { message: 'boom', stack: 'Error: https://h/x?token=abc\n    at x' } }],
    [{ body: JSON.stringify({ variables: { password: 'abc' } }) }],
    [{ query: 'mutation { login(name: "x", password: "abc") { token } }' }],
  ])('hides what %j holds and stays JSON', (fields) => {
    const line = lineOf(fields);
    expect(line).not.toContain('abc');
    expect(line).toContain('[redacted]');
    expect(line.endsWith('}\n')).toBe(true);
    expect(() => JSON.parse(line)).not.toThrow();
  });

  it.each([
    [{ tokens: 5, msg: 'token accepted' }],
    [{ key: 'SPX', component: 'scanner' }],
    [{ url: 'http://127.0.0.1:4000/graphql' }],
    [{ token: null }],
  ])('leaves %j alone', (fields) => {
    expect(lineOf(fields)).toBe(`${JSON.stringify(fields)}\n`);
  });

  it('keeps every line valid JSON and hides every password, whatever it is made of', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), fc.jsonValue(), (password, other, value) => {
        const parsed = JSON.parse(lineOf({ other, nested: [{ password: `Zq9${password}` }], value }));
        expect(parsed.nested[0].password).toBe('[redacted]');
      }),
    );
  });
});
