import type { MessageView } from './message-view.ts';

/** An alert that never was: what templates are tried on when they are saved. */
export const SAMPLE_MESSAGE_VIEW: MessageView = {
  alert: {
    id: '01890a5d-ac96-774b-bcce-b302099a8057',
    status: 'FIRING',
    severity: 'WARNING',
    firedAt: '2024-01-02T15:30:00.000Z',
    resolvedAt: null,
    matches: 1,
    value: 0.42,
    level: 0.4,
    dedupKey: 'sample',
  },
  rule: { id: '01890a5d-ac96-774b-bcce-b302099a8056', name: 'Sample', description: 'An example.', kind: 'MATCH' },
  labels: { rule: 'Sample', severity: 'WARNING', kind: 'MATCH', symbol: 'AAA' },
  group: { symbol: 'AAA' },
  result: {
    id: '01890a5d-ac96-774b-bcce-b302099a8055',
    symbol: 'AAA',
    strategy: 'BULL_PUT_SPREAD',
    expiration: '2024-02-16',
    legs: '+1 AAA 95 P, -1 AAA 100 P',
    metrics: { score: 80, delta: 0.2, impliedVolatility: null },
  },
  isTest: true,
};
