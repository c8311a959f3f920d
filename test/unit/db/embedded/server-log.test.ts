import { describe, expect, it } from 'vitest';
import { createServerLog } from '../../../../src/db/embedded/server-log.ts';
import { logTo } from '../../../support/log-to.ts';

function aServerLog({ isStopping = false } = {}) {
  const entries: { level: number; line: string }[] = [];
  const lines: string[] = [];
  const log = createServerLog({ log: logTo(entries), onLine: (line) => lines.push(line), isStopping: () => isStopping });
  return { log, lines, levels: () => entries.map(({ level }) => (level === 50 ? 'error' : 'debug')) };
}

describe('the log of the server', () => {
  it('puts lines together that came in pieces', () => {
    const { log, lines } = aServerLog();
    log.write('[1] LOG:  sta');
    log.write('rting\n[1] LOG:  rea');
    expect(lines).toEqual(['[1] LOG:  starting']);
    expect(log.tail()).toEqual(['[1] LOG:  starting', '[1] LOG:  rea']);
    log.write('dy\r\n\n');
    expect(lines).toEqual(['[1] LOG:  starting', '[1] LOG:  ready']);
  });

  it.each([
    ['[12] FATAL:  password authentication failed', 'error'],
    ['2026-11-21 05:00:00.000 UTC [12] FATAL:  could not create lock file', 'error'],
    ['[12] PANIC:  could not write to file', 'error'],
    ['FATAL:  data directory has wrong ownership', 'error'],
    ['[12] ERROR:  division by zero', 'debug'],
    ['[12] LOG:  a client said FATAL:  something', 'debug'],
    ['[12] STATEMENT:  FATAL:  something', 'debug'],
    ['\tFATAL:  second line of a statement', 'debug'],
  ])('%s: %s', (line, level) => {
    const { log, levels } = aServerLog();
    log.write(`${line}\n`);
    expect(levels()).toEqual([level]);
  });

  it('reports no error for connections that end because we stop', () => {
    const { log, levels } = aServerLog({ isStopping: true });
    log.write('[12] FATAL:  terminating connection due to administrator command\n');
    expect(levels()).toEqual(['debug']);
  });

  it('remembers the last lines only, and no more than a part of a long one', () => {
    const { log } = aServerLog();
    for (let line = 1; line <= 100; line++) log.write(`line ${line}\n`);
    log.write(`${'x'.repeat(1_000_000)}\n`);
    expect(log.tail()).toHaveLength(40);
    expect(log.tail()[0]).toBe('line 62');
    expect(log.tail().at(-1)).toHaveLength(4_000);
  });
});
