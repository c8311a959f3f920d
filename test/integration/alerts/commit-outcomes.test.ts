import { Registry } from 'prom-client';
import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createDatabase, type Database } from '../../../src/db/client.ts';
import type { AlertChangeDraft } from '../../../src/domain/alerts/alert-change.ts';
import { createMessageTemplates } from '../../../src/domain/alerts/message-templates.ts';
import { createAlertMetrics } from '../../../src/services/alerts/alert-metrics.ts';
import { createAlertStore } from '../../../src/services/alerts/alert-store.ts';
import { createCommitOutcomes } from '../../../src/services/alerts/commit-outcomes.ts';
import { createEvaluation } from '../../../src/services/alerts/evaluation.ts';
import { createRuleStateStore } from '../../../src/services/alerts/rule-state-store.ts';
import { createStreamCursorStore } from '../../../src/services/cluster/stream-cursor-store.ts';
import { createStreamLog } from '../../../src/services/stream-log/stream-log.ts';
import { anAlertRule } from '../../support/an-alert-rule.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

let own: TestDatabase;
let database: Database;

beforeEach(async () => {
  own = await createTestDatabase();
  database = createDatabase({ url: own.url, poolSize: 2, statementTimeoutMs: 20_000, applicationName: 'commit-outcomes' });
});

afterEach(async () => {
  await database.close();
  await own.drop();
});

it('an alert that ends in the same turn in which a step of its escalation is due stays over', async () => {
  const { sql, writeSql } = database;
  const common = { templates: createMessageTemplates(), mayRead: () => true, clock: Date.now };
  const evaluation = createEvaluation(common);
  const alerts = createAlertStore({ sql });
  const commit = createCommitOutcomes(
    {
      ...common,
      sql: writeSql,
      streamLog: createStreamLog({ sql: writeSql }),
      alerts,
      states: createRuleStateStore({ sql }),
      cursors: createStreamCursorStore({ sql }),
      lease: { confirm: async () => {} },
      notifications: { notify: async () => {}, nudge: () => {} },
      channelKinds: async () => new Map(),
      metrics: createAlertMetrics(new Registry()),
      onCommitted: () => {},
      newId: uuidv7,
    } as unknown as Parameters<typeof createCommitOutcomes>[0],
    evaluation,
  );
  const { engine } = evaluation;
  const atMs = Date.now();
  const price = (value: number, id: string) =>
    ({ kind: 'METRIC', sample: { of: 'UNDERLYING', subject: 'AAA', metric: 'price', value, atMs, id } }) as const;
  engine.put(anAlertRule({}, { id: uuidv7() }), atMs);
  await commit(engine.accept(price(101, 'one'), atMs), [], atMs);
  const [alert] = await alerts.open();
  const step = (stepsDone: number): AlertChangeDraft => ({
    id: uuidv7(),
    kind: 'ESCALATED',
    actor: null,
    comment: null,
    alert: { ...alert!, escalation: { ...alert!.escalation, stepsDone } },
    notify: null,
    channelIds: [],
  });
  await commit([], [step(1)], atMs);
  await commit(engine.accept(price(99, 'two'), atMs + 1), [step(2)], atMs + 1);
  expect(await alerts.byIds([alert!.id])).toMatchObject([{ status: 'RESOLVED', escalation: { stepsDone: 1 } }]);
  expect((await alerts.history(alert!.id)).map(({ kind }) => kind)).toEqual(['FIRED', 'ESCALATED', 'RESOLVED']);
});
