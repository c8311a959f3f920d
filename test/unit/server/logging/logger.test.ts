import { describe, expect, it } from 'vitest';
import { createLogger, type LoggerDeps } from '../../../../src/server/logging/logger.ts';

const NOW = Date.UTC(2024, 4, 17, 12, 30, 0, 250);

function aLogger(overrides: Partial<LoggerDeps> = {}) {
  const lines: string[] = [];
  const log = createLogger({
    level: 'info',
    format: 'auto',
    output: { write: (text) => void lines.push(text) },
    isTerminal: false,
    color: false,
    now: () => NOW,
    ...overrides,
  });
  return { log, lines };
}

describe('without a terminal', () => {
  it('writes one JSON object a line, synchronously', () => {
    const { log, lines } = aLogger();
    log.child({ component: 'scanner' }).info({ symbol: 'SPX' }, 'scanned');
    expect(lines).toEqual([`{"level":"info","time":"2024-05-17T12:30:00.250Z","component":"scanner","symbol":"SPX","msg":"scanned"}\n`]);
  });

  it('keeps the code, the stack and the cause of errors under err and error', () => {
    const { log, lines } = aLogger();
    const failure = Object.assign(new Error('outer', { cause: new Error('inner') }), { code: 'FEED_UNAVAILABLE' });
    log.error({ err: failure }, 'failed');
    log.error({ error: failure }, 'failed');
    const [first, second] = lines.map((line) => JSON.parse(line));
    expect(first.err).toMatchObject({
      code: 'FEED_UNAVAILABLE',
      message: expect.stringContaining('outer'),
      stack: expect.stringContaining('inner'),
    });
    expect(second.error).toEqual(first.err);
  });

  it('redacts fields, bindings of children, messages and errors', () => {
    const { log, lines } = aLogger();
    const child = log.child({ headers: { authorization: 'hunter2' } });
    child.warn({ err: new Error('refused by redis://:hunter2@host') }, 'token %s', 'Bearer hunter2');
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain('hunter2');
    expect(JSON.parse(lines[0]!).msg).toBe('token Bearer [redacted]');
  });

  it('is pretty when told so', () => {
    const { log, lines } = aLogger({ format: 'pretty' });
    log.info('hello');
    expect(lines[0]).toMatch(/INFO: hello\n$/);
  });
});

describe('in a terminal', () => {
  it('writes lines for people, synchronously, with the component before the message', () => {
    const { log, lines } = aLogger({ isTerminal: true });
    log.child({ component: 'scanner' }).warn({ symbol: 'SPX', attempt: 2 }, 'scan failed');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^\[\d\d:\d\d:\d\d\.250\] WARN: scanner: scan failed {"symbol":"SPX","attempt":2}\n$/);
  });

  it('writes JSON when told so', () => {
    const { log, lines } = aLogger({ isTerminal: true, format: 'json' });
    log.info('hello');
    expect(JSON.parse(lines[0]!)).toMatchObject({ level: 'info', msg: 'hello' });
  });

  it('colours only when it may', () => {
    const [plain, colored] = [false, true].map((color) => {
      const { log, lines } = aLogger({ isTerminal: true, color });
      log.info('hello');
      return lines[0]!;
    });
    expect(plain).not.toContain('\u001b');
    expect(colored).toContain('\u001b[');
  });

  it('redacts as well', () => {
    const { log, lines } = aLogger({ isTerminal: true });
    log.info({ token: 'hunter2' }, 'x');
    expect(lines[0]).not.toContain('hunter2');
  });

  it('lets no control character of a field or message reach the terminal', () => {
    const { log, lines } = aLogger({ isTerminal: true });
    log.info({ symbol: 'a\u001b[2Jb\u009b2Jc\u007f\b\r', windows: 'C:\\u001b', tab: 'x\ty' }, 'clear \u001b]0;title\u0007 me');
    expect(lines[0]!.trimEnd()).not.toMatch(/\p{Cc}/u);
    expect(lines[0]).toContain('clear \ufffd]0;title\ufffd me');
    expect(lines[0]).toContain('C:\\u001b');
  });

  it('prints the stack of an error', () => {
    const { log, lines } = aLogger({ isTerminal: true });
    log.error({ err: new Error('boom') }, 'failed');
    expect(lines[0]).toMatch(/failed ?\n[\s\S]*boom[\s\S]*logger\.test\.ts/);
  });
});

describe('the level', () => {
  it('is the least severe that is written', () => {
    const { log, lines } = aLogger({ level: 'warn' });
    log.info('no');
    log.warn('yes');
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual(['yes']);
  });

  it('can be silent', () => {
    const { log, lines } = aLogger({ level: 'silent' });
    log.fatal('no');
    expect(lines).toEqual([]);
  });
});
