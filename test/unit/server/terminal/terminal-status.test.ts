import { describe, expect, it } from 'vitest';
import type { StatusReading } from '../../../../src/server/terminal/render-status-line.ts';
import { createTerminalStatus } from '../../../../src/server/terminal/terminal-status.ts';
import { FakeTerminal } from './fake-terminal.ts';

const READING: StatusReading = { state: 'RUNNING', symbolsDone: 1, symbolsTotal: 4, contractsPerSecond: 1000, results: 0, subscribers: 0 };
const LINE = 'scanning · 1/4 symbols · 1K contracts/s · 0 results · 0 subscribers';

function aStatus(terminal: FakeTerminal, env: Record<string, string> = { TERM: 'xterm-256color', NO_COLOR: '1' }) {
  let reading = READING;
  let tick: (() => void) | undefined;
  const status = createTerminalStatus({
    output: terminal as unknown as NodeJS.WriteStream,
    env,
    readStatus: () => reading,
    intervalMs: 500,
    every: (_intervalMs, run) => {
      tick = run;
      return () => {
        tick = undefined;
      };
    },
  });
  return {
    status,
    ticking: () => tick !== undefined,
    tick: (next: Partial<StatusReading> = {}) => {
      reading = { ...reading, ...next };
      tick?.();
    },
  };
}

describe('in a terminal', () => {
  it('shows one line that refreshes in place', () => {
    const terminal = new FakeTerminal();
    const { status, tick } = aStatus(terminal);
    status.start();
    expect(terminal.rows).toEqual([LINE]);
    tick({ symbolsDone: 2, results: 12_345 });
    expect(terminal.rows).toEqual(['scanning · 2/4 symbols · 1K contracts/s · 12,345 results · 0 subscribers']);
    tick({ symbolsDone: 3, results: 0 });
    expect(terminal.rows).toEqual(['scanning · 3/4 symbols · 1K contracts/s · 0 results · 0 subscribers']);
  });

  it('keeps log lines whole and in order above it', () => {
    const terminal = new FakeTerminal();
    const { status, tick } = aStatus(terminal);
    status.write('before\n');
    status.start();
    status.write('a log line that is longer than the status line ever was or will be in this test\n');
    tick();
    status.write('two\nlines\n');
    status.write('without a line end');
    expect(terminal.rows).toEqual([
      'before',
      'a log line that is longer than the status line ever was or will be in this test',
      'two',
      'lines',
      'without a line end',
      LINE,
    ]);
  });

  it('writes a log line and the status line at once, so that nothing flickers', () => {
    const terminal = new FakeTerminal();
    const { status } = aStatus(terminal);
    status.start();
    const writes: string[] = [];
    terminal.write = (text) => writes.push(text) > 0;
    status.write('log\n');
    expect(writes).toHaveLength(1);
  });

  it('leaves the last status and the cursor on a fresh line when it stops', () => {
    const terminal = new FakeTerminal();
    const { status, tick, ticking } = aStatus(terminal);
    status.start();
    tick({ symbolsDone: 4 });
    status.stop();
    expect([terminal.row, terminal.column]).toEqual([1, 0]);
    status.write('stopping\n');
    status.stop();
    expect(terminal.rows).toEqual([LINE.replace('1/4', '4/4'), 'stopping', '']);
    expect(ticking()).toBe(false);
    expect(terminal.listenerCount('resize')).toBe(0);
  });

  it('starts once however often it is told', () => {
    const terminal = new FakeTerminal();
    const { status } = aStatus(terminal);
    status.start();
    status.start();
    expect(terminal.listenerCount('resize')).toBe(1);
    status.stop();
    expect(terminal.rows).toEqual([LINE, '']);
  });

  it('writes nothing when it stops without having started', () => {
    const terminal = new FakeTerminal();
    aStatus(terminal).status.stop();
    expect(terminal.raw).toBe('');
  });

  it('fits into a narrow one', () => {
    const terminal = new FakeTerminal({ columns: 20 });
    const { status, tick } = aStatus(terminal);
    status.start();
    tick({ symbolsDone: 2 });
    expect(terminal.rows).toEqual(['scanning · 2/4 sym…']);
  });

  it('takes 80 columns when it does not say how wide it is', () => {
    const terminal = new FakeTerminal({ columns: 0 });
    const { status, tick } = aStatus(terminal);
    status.start();
    tick({ results: 10 ** 15, subscribers: 10 ** 9 });
    expect(terminal.rows[0]).toHaveLength(79);
  });

  it('follows a window that becomes narrower and wider, leaving no rest and eating no log', () => {
    const terminal = new FakeTerminal({ columns: 100 });
    const { status } = aStatus(terminal);
    status.start();
    status.write('log\n');
    terminal.resize(20);
    expect(terminal.rows).toEqual(['log', 'scanning · 1/4 sym…']);
    terminal.resize(100);
    expect(terminal.rows).toEqual(['log', LINE]);
  });

  it('colours unless NO_COLOR is set to something', () => {
    const shown = [{}, { NO_COLOR: '' }, { NO_COLOR: '1' }].map((env) => {
      const terminal = new FakeTerminal();
      aStatus(terminal, { TERM: 'xterm', ...env }).status.start();
      return terminal.raw.includes('\u001b[32m');
    });
    expect(shown).toEqual([true, true, false]);
  });

  it('survives a terminal that is closed', () => {
    const terminal = new FakeTerminal();
    const { status, tick } = aStatus(terminal);
    status.start();
    terminal.emit('error', Object.assign(new Error('gone'), { code: 'EIO' }));
    const { length } = terminal.raw;
    tick();
    status.write('log\n');
    status.stop();
    expect(terminal.raw).toHaveLength(length);
  });
});

describe('anywhere else', () => {
  it.each([
    ['a pipe', new FakeTerminal({ isTTY: false }), { TERM: 'xterm' }],
    ['a dumb terminal', new FakeTerminal(), { TERM: 'dumb' }],
  ])('%s gets the log as it is and nothing else', (_name, terminal, env) => {
    const { status, tick, ticking } = aStatus(terminal, env);
    status.start();
    tick();
    status.write('{"msg":"one"}\n');
    status.write('{"msg":"two"}\n');
    status.stop();
    expect(terminal.raw).toBe('{"msg":"one"}\n{"msg":"two"}\n');
    expect(ticking()).toBe(false);
  });
});
