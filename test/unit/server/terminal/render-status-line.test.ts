import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderStatusLine, type StatusReading } from '../../../../src/server/terminal/render-status-line.ts';
import { SCANNER_STATES } from '../../../../src/services/scanner/scanner-status.ts';

function aReading(overrides: Partial<StatusReading> = {}): StatusReading {
  return { state: 'RUNNING', symbolsDone: 12, symbolsTotal: 24, contractsPerSecond: 812_345, results: 1204, subscribers: 3, ...overrides };
}

const wide = { columns: 200, color: false };

describe('the status line', () => {
  it('tells state, symbols, speed, results and subscribers', () => {
    expect(renderStatusLine(aReading(), wide)).toBe('scanning · 12/24 symbols · 812K contracts/s · 1,204 results · 3 subscribers');
  });

  it('counts one as one', () => {
    expect(renderStatusLine(aReading({ symbolsDone: 0, symbolsTotal: 1, results: 1, subscribers: 1 }), wide)).toBe(
      'scanning · 0/1 symbol · 812K contracts/s · 1 result · 1 subscriber',
    );
  });

  it('says what keeps it from scanning', () => {
    const words = SCANNER_STATES.map((state) => renderStatusLine(aReading({ state }), wide).split(' · ')[0]);
    expect(words).toEqual(['stopped', 'starting', 'scanning', 'waiting for the database', 'recording ended']);
  });

  it('takes a speed that is not known yet as none', () => {
    for (const contractsPerSecond of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(renderStatusLine(aReading({ contractsPerSecond }), wide)).toContain(' · 0 contracts/s');
    }
  });

  it('is cut with an ellipsis and leaves the last column free', () => {
    expect(renderStatusLine(aReading(), { columns: 20, color: false })).toBe('scanning · 12/24 s…');
    expect(renderStatusLine(aReading(), { columns: 73, color: false })).toHaveLength(72);
    expect(renderStatusLine(aReading(), { columns: 2, color: false })).toBe('…');
    expect(renderStatusLine(aReading(), { columns: 1, color: false })).toBe('');
  });

  it('colours the state and nothing else', () => {
    expect(renderStatusLine(aReading(), { columns: 200, color: true })).toContain('\u001b[32mscanning\u001b[39m · 12/24');
    expect(renderStatusLine(aReading({ state: 'HOLDING' }), { columns: 200, color: true })).toContain(
      '\u001b[33mwaiting for the database\u001b[39m ·',
    );
  });

  it('never needs the whole width and always closes its colour, whatever the reading', () => {
    const reading = fc.record({
      state: fc.constantFrom(...SCANNER_STATES),
      symbolsDone: fc.nat(),
      symbolsTotal: fc.nat(),
      contractsPerSecond: fc.double(),
      results: fc.maxSafeNat(),
      subscribers: fc.nat(),
    });
    fc.assert(
      fc.property(reading, fc.integer({ min: 1, max: 120 }), fc.boolean(), (status, columns, color) => {
        const line = renderStatusLine(status, { columns, color });
        const visible = line.replaceAll(/\p{Cc}\[\d+m/gu, '');
        expect(visible.length).toBeLessThan(columns);
        expect(visible).not.toContain('\n');
        expect(line.includes('\u001b[39m')).toBe(color);
      }),
    );
  });
});
