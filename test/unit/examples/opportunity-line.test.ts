import { expect, it } from 'vitest';
import { OPPORTUNITY_HEADER, opportunityLine } from '../../../examples/opportunity-line.ts';

const OPPORTUNITY = {
  id: 'T3A=',
  symbol: 'AAA',
  strategy: 'BULL_PUT_SPREAD',
  expiration: '2026-12-18',
  firstSeenAt: '2026-11-20T15:00:00.000Z',
  lastScore: 7.25,
  bestScore: 60,
  observations: 3,
  leaveReason: null,
  filter: { name: 'Credit spreads' },
  legs: [
    { symbol: 'AAA261218P00095000', quantity: 1, right: 'PUT', strike: 95 },
    { symbol: 'AAA261218P00100000', quantity: -2, right: 'PUT', strike: 100.5 },
  ],
} as const;

it('an opportunity is a line below the header', () => {
  expect([OPPORTUNITY_HEADER, opportunityLine({ at: '2026-11-20T15:30:02.123Z', kind: 'ENTERED', opportunity: OPPORTUNITY })]).toEqual([
    'TIME      EVENT    SYMBOL    STRATEGY           EXPIRES     SCORE  LEGS',
    '15:30:02  ENTERED  AAA       BULL_PUT_SPREAD    2026-12-18    7.3  +1 95P -2 100.5P',
  ]);
});

it('a leg that is no option goes by its symbol', () => {
  const legs = [
    { symbol: 'AAA', quantity: 1 },
    { symbol: 'AAA261218C00105000', quantity: -1, right: 'CALL', strike: 105 },
  ] as const;
  const line = opportunityLine({
    at: '2026-11-20T15:30:02.123Z',
    kind: 'LEFT',
    opportunity: { ...OPPORTUNITY, strategy: 'COVERED_CALL', legs },
  });
  expect(line).toMatch(/ {2}\+1 AAA -1 105C$/);
});
