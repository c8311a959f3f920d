import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createDatabase, type Database } from '../../../src/db/client.ts';
import { createMessageTemplates } from '../../../src/domain/alerts/message-templates.ts';
import type { RuleOutcome } from '../../../src/domain/alerts/rule-outcome.ts';
import { createEvaluation, type Evaluation } from '../../../src/services/alerts/evaluation.ts';
import { GRACE_MS, passTime } from '../../../src/services/alerts/pass-time.ts';
import { takeRows } from '../../../src/services/alerts/take-rows.ts';
import { takeTime } from '../../../src/services/alerts/take-time.ts';
import { createEventLoopSlicer } from '../../../src/services/scanner/event-loop-slicer.ts';
import type { StreamDefinition, StreamRow } from '../../../src/services/stream-log/stream-definition.ts';
import { createStreamLog, type StreamLog } from '../../../src/services/stream-log/stream-log.ts';
import { STREAM_START, type StreamPosition } from '../../../src/services/stream-log/stream-position.ts';
import { anAlertRule } from '../../support/an-alert-rule.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

interface PriceRow extends StreamRow {
  readonly id: string;
  readonly atMs: number;
  readonly value: number;
}

/** Prices of AAA; its rows need no table. */
const prices: StreamDefinition<number, PriceRow> = {
  name: 'prices',
  toRow: (value, sequence, atMs) => ({ id: uuidv7(), sequence, atMs, value }),
  position: ({ atMs, sequence }) => ({ atMs, sequence }),
  prepare: () => {},
  insert: async () => {},
  select: async () => [],
};
const FOR_MS = 1_000;

let own: TestDatabase;
let database: Database;
let streamLog: StreamLog;
let evaluation: Evaluation;
/** Those that have come to this process. */
let arrived: PriceRow[];
let storedAtMs: number;

const source = {
  name: prices.name,
  onRows: () => () => {},
  read: async (after: StreamPosition) => {
    const rows = arrived.filter(({ sequence }) => sequence > after.sequence);
    const events = rows.map((row) => {
      const sample = { of: 'UNDERLYING', subject: 'AAA', metric: 'price', value: row.value, atMs: row.atMs, id: row.id } as const;
      return { event: { kind: 'METRIC', sample } as const, position: prices.position(row) };
    });
    const last = rows.at(-1);
    return { events, position: last ? prices.position(last) : after, hasMore: false };
  },
};

beforeEach(async () => {
  own = await createTestDatabase();
  database = createDatabase({ url: own.url, poolSize: 3, statementTimeoutMs: 60_000, applicationName: 'late-rows' });
  streamLog = createStreamLog({ sql: database.writeSql });
  evaluation = createEvaluation({ templates: createMessageTemplates(), mayRead: () => true, clock: Date.now });
  for (const known of [evaluation.positions, evaluation.read]) known.set(prices.name, STREAM_START);
  arrived = [];
  storedAtMs = Date.now();
  evaluation.engine.put(anAlertRule({ forMs: FOR_MS }), storedAtMs);
});

afterEach(async () => {
  await database.close();
  await own.drop();
});

const append = (value: number, atMs: number) =>
  database.writeSql.begin((transaction) => streamLog.append(transaction, prices, [value], atMs));
const slicer = createEventLoopSlicer({ budgetMs: 4, now: () => performance.now() });
const take = () => takeRows({ sources: [source], metrics: { accepted: () => {} }, slicer }, evaluation);
const pass = (nowMs: number) => passTime({ streamLog, sources: [source] }, evaluation, nowMs);
const ofTime = (reachedMs: number | null) => takeTime(evaluation, uuidv7, reachedMs, 0).outcomes;
const moves = (outcomes: readonly RuleOutcome[]) => outcomes.flatMap(({ transitions }) => transitions.map(({ to }) => to));

it('time waits for the row that is being stored, and for it to come here', async () => {
  arrived.push(...(await append(101, storedAtMs)));
  expect(moves(await take())).toEqual(['PENDING']);
  // A little before the alert would fire the price falls, and that takes longer than anybody would have waited.
  const lateMs = storedAtMs + FOR_MS + 10 * GRACE_MS;
  let commit = () => {};
  let late: PriceRow[] = [];
  let isPassed = false;
  const storing = database.writeSql.begin(async (transaction) => {
    late = await streamLog.append(transaction, prices, [99], storedAtMs + FOR_MS - 1);
    await new Promise<void>((resolve) => {
      commit = resolve;
    });
  });
  await vi.waitFor(() => expect(late).toHaveLength(1));
  const passing = pass(lateMs).finally(() => {
    isPassed = true;
  });
  await vi.waitFor(async () => {
    const waiting = await database.sql`select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
    expect(waiting).toHaveLength(1);
  });
  expect(isPassed).toBe(false);
  commit();
  await storing;
  expect(await passing).toBeNull();
  expect(moves(await take())).toEqual([]);
  expect(await pass(lateMs)).toBeNull();
  arrived.push(...late);
  expect(moves(await take())).toEqual(['NORMAL']);
  expect(moves(ofTime(await pass(lateMs)))).toEqual([]);
});

it('no row of an earlier moment is stored once time has passed, and those of later ones wait until it has', async () => {
  arrived.push(...(await append(101, storedAtMs)));
  await take();
  const [onItsWay] = await append(102, storedAtMs + 1);
  const dueMs = storedAtMs + FOR_MS + 10;
  expect(await pass(dueMs + GRACE_MS)).toBeNull();
  // Begun before, stored afterwards.
  const [next] = await append(99, storedAtMs + FOR_MS - 1);
  expect(next!.atMs).toBe(dueMs);
  const [last] = await append(98, dueMs + 1);
  arrived.push(onItsWay!, next!, last!);
  expect(moves(await take())).toEqual(['FIRING', 'NORMAL']);
  expect(evaluation.positions.get(prices.name)).toMatchObject({ sequence: next!.sequence });
  expect(await pass(dueMs + GRACE_MS)).toBe(dueMs);
  await take();
  expect(evaluation.positions.get(prices.name)).toMatchObject({ sequence: last!.sequence });
});

it('time passes without rows that never come', async () => {
  arrived.push(...(await append(101, storedAtMs)));
  await take();
  await append(99, storedAtMs + 1);
  const nowMs = storedAtMs + FOR_MS + GRACE_MS;
  expect(await pass(nowMs)).toBeNull();
  expect(await pass(nowMs + 3_999)).toBeNull();
  expect(moves(ofTime(await pass(nowMs + 4_000)))).toEqual(['FIRING']);
});

it('nothing is asked of the database while nothing is due', async () => {
  arrived.push(...(await append(101, storedAtMs)));
  await take();
  expect(await pass(storedAtMs + FOR_MS + GRACE_MS - 1)).toBeNull();
  expect(evaluation.mark).toBeNull();
  expect(moves(ofTime(await pass(storedAtMs + FOR_MS + GRACE_MS)))).toEqual(['FIRING']);
});
