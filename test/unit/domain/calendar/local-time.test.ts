import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createLocalTime } from '../../../../src/domain/calendar/local-time.ts';

const ZONES = ['America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Apia', 'Africa/Casablanca', 'Europe/London', 'UTC'];
const HOUR_MS = 3_600_000;
/** When one of these changed its clock: New York, Lord Howe, Samoa's skipped day, Morocco before and after Ramadan, London. */
const CHANGES = [
  '2026-03-08T07:00Z',
  '2026-11-01T06:00Z',
  '2026-04-04T15:00Z',
  '2011-12-30T10:00Z',
  '2026-02-15T02:00Z',
  '2026-03-22T02:00Z',
  '2026-03-29T01:00Z',
];

const someMoment = fc.oneof(
  fc.integer({ min: Date.UTC(1975, 0, 1), max: Date.UTC(2036, 0, 1) }),
  fc
    .tuple(fc.constantFrom(...CHANGES.map((at) => Date.parse(at))), fc.integer({ min: -30 * HOUR_MS, max: 30 * HOUR_MS }))
    .map(([at, ms]) => at + ms),
);

/** `2026-03-08 03:00:00` */
function shown(timeZone: string, ms: number): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(ms);
}

it('a clock shows what Intl says, whatever it was asked before', () => {
  const clocks = new Map(ZONES.map((zone) => [zone, createLocalTime(zone)]));
  fc.assert(
    fc.property(fc.constantFrom(...ZONES), someMoment, (zone, ms) => {
      const wall = clocks.get(zone)!.wallMs(ms);
      expect(new Date(wall).toISOString().slice(0, 19).replace('T', ' ')).toBe(shown(zone, ms));
    }),
    { numRuns: 400 },
  );
});

it('what the clock shows is found again, unless it is shown twice: then the first', () => {
  const clock = createLocalTime('America/New_York');
  expect(clock.utcMs(Date.UTC(2026, 10, 1, 1, 30))).toBe(Date.UTC(2026, 10, 1, 5, 30));
  expect(clock.utcMs(Date.UTC(2026, 2, 8, 2, 30))).toBe(Date.UTC(2026, 2, 8, 7));
  fc.assert(
    fc.property(someMoment, (ms) => {
      const wall = clock.wallMs(ms);
      expect(clock.utcMs(wall)).toBeLessThanOrEqual(ms);
      expect(clock.wallMs(clock.utcMs(wall))).toBe(wall);
    }),
  );
});
