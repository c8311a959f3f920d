import type { Alert } from '../../src/domain/alerts/alert.ts';
import { SAMPLE_MESSAGE_VIEW } from '../../src/domain/alerts/sample-message-view.ts';

export function anAlert(overrides: Partial<Alert> = {}): Alert {
  return {
    id: '01890a5d-ac96-774b-bcce-b302099a8057',
    ruleId: '01890a5d-ac96-774b-bcce-b302099a8056',
    ruleRevision: 1,
    ruleName: 'Sample',
    kind: 'THRESHOLD',
    seriesKey: '["AAA"]',
    group: { symbol: 'AAA' },
    dedupKey: 'sample',
    severity: 'WARNING',
    labels: { rule: 'Sample', severity: 'WARNING', symbol: 'AAA' },
    title: 'Sample',
    body: 'An example.',
    view: SAMPLE_MESSAGE_VIEW,
    status: 'FIRING',
    firedAtMs: 1000,
    lastMetAtMs: 1000,
    matches: 1,
    value: 0.42,
    level: 0.4,
    acknowledgedAtMs: null,
    acknowledgedBy: null,
    snoozedUntilMs: null,
    resolvedAtMs: null,
    resolveReason: null,
    escalation: { startedAtMs: 1000, stepsDone: 0 },
    escalationPolicyId: null,
    channelIds: [],
    isTest: false,
    ...overrides,
  };
}
