import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { holdLock } from '../../support/hold-lock.ts';
import { startTestApp, type TestApp } from '../../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

let database: TestDatabase;
let app: TestApp;

beforeAll(async () => {
  database = await createTestDatabase();
  app = await startTestApp({ databaseUrl: database.url, env: { RETENTION_RAW_DAYS: '7' } });
});

afterAll(async () => {
  await app.stop();
  await database.drop();
});

const RUN = `mutation ($dryRun: Boolean) { retentionRun(input: { dryRun: $dryRun }) {
  __typename
  ... on RetentionRunPayload { report { isDryRun startedAt durationMs tables { name tier retentionDays cutoffAt removedRows removedBytes chunks { from before rows bytes outcome } } } }
  ... on Error { message }
} }`;

const HISTORY = '{ storage { retentionRuns { startedAt endedAt outcome removedChunks removedRows removedBytes } } }';
const RUNS = '{ auditEntries(first: 10, filter: { actions: [RETENTION_RUN] }) { edges { node { actor { kind } objectKind objectId } } } }';

describe('what is stored', () => {
  it('is told, with what keeps it and for how long', async () => {
    const { data, errors } = await app.ask(
      '{ storage { backing product bytes tables { name tier chunks chunkDays rows bytes oldestAt newestAt retentionDays } } }',
    );
    expect(errors).toBeUndefined();
    expect(data.storage.backing).toMatch(/^(PLAIN|TIMESCALE_APACHE|TIMESCALE_COMMUNITY)$/);
    expect(data.storage.tables).toContainEqual(
      expect.objectContaining({
        name: 'scan_results',
        tier: 'RAW',
        chunks: expect.any(Number),
        chunkDays: 7,
        retentionDays: 7,
        oldestAt: null,
      }),
    );
    expect(data.storage.tables).toContainEqual(
      expect.objectContaining({ name: 'rollup_days', tier: 'DAY', chunks: null, chunkDays: null, retentionDays: 3_650 }),
    );
  });

  it('is named in /ready and in the log', async () => {
    const { checks } = (await (await fetch(`${app.origin}/ready`)).json()) as { checks: Record<string, { ok: boolean; detail: string }> };
    expect(checks.timeSeries).toEqual({
      ok: true,
      detail: expect.stringMatching(/^(partitions of PostgreSQL|TimescaleDB \w+( 2)?), .*PostgreSQL \d/),
    });
    expect(app.logs).toContainEqual(
      expect.objectContaining({ component: 'time-series', msg: 'time series are set up', product: expect.any(String) }),
    );
  });
});

describe('a run of the retention that is asked for', () => {
  it('reports, and is in the history and the audit trail unless it is a dry one', async () => {
    const dry = (await app.ask(RUN, { dryRun: true })).data.retentionRun;
    expect(dry).toMatchObject({ __typename: 'RetentionRunPayload', report: { isDryRun: true } });
    expect((await app.ask(RUNS)).data.auditEntries.edges).toEqual([]);
    expect((await app.ask(HISTORY)).data.storage.retentionRuns).toEqual([]);
    const { report } = (await app.ask(RUN)).data.retentionRun;
    expect(report.tables).toContainEqual(
      expect.objectContaining({ name: 'scan_results', tier: 'RAW', retentionDays: 7, removedRows: 0, chunks: [] }),
    );
    expect((await app.ask(RUNS)).data.auditEntries.edges).toEqual([
      { node: { actor: { kind: 'LOCAL' }, objectKind: 'STORAGE', objectId: 'storage' } },
    ]);
    expect((await app.ask(HISTORY)).data.storage.retentionRuns).toEqual([
      {
        startedAt: report.startedAt,
        endedAt: expect.stringMatching(/Z$/),
        outcome: 'DONE',
        removedChunks: 0,
        removedRows: 0,
        removedBytes: 0,
      },
    ]);
  });

  it('is refused while another is under way', async () => {
    const lock = await holdLock(database.url, 'select pg_advisory_xact_lock(5349004)');
    expect((await app.ask(RUN)).data.retentionRun).toEqual({
      __typename: 'ConflictError',
      message: 'expected no other run of the retention, but one is under way',
    });
    await lock.release();
  });
});
