import { expect, it } from 'vitest';
import { createMessageTemplates } from '../../../../src/domain/alerts/message-templates.ts';
import { createEvaluation, type Evaluation } from '../../../../src/services/alerts/evaluation.ts';
import type { EventSource } from '../../../../src/services/alerts/event-source.ts';
import { takeRows } from '../../../../src/services/alerts/take-rows.ts';
import { createEventLoopSlicer, type EventLoopSlicer } from '../../../../src/services/scanner/event-loop-slicer.ts';
import { STREAM_START } from '../../../../src/services/stream-log/stream-position.ts';
import { anAlertRule } from '../../../support/an-alert-rule.ts';

const ROWS = 200;
const START_MS = Date.UTC(2026, 0, 5, 15);

/** Prices of AAA around 100, all of them in memory: reading waits for nothing. */
function inMemory(name: string): EventSource {
  return {
    name,
    onRows: () => () => {},
    read: async ({ sequence }) => {
      const events = Array.from({ length: ROWS }, (_, index) => {
        const position = { atMs: START_MS + index * 1_000, sequence: sequence + 1 + index };
        const sample = {
          of: 'UNDERLYING',
          subject: 'AAA',
          metric: 'price',
          value: 99 + 2 * (index % 2),
          atMs: position.atMs,
          id: `${name} ${index}`,
        } as const;
        return { event: { kind: 'METRIC', sample } as const, position };
      });
      return { events, position: events.at(-1)!.position, hasMore: true };
    },
  };
}

function evaluationOf(sources: readonly EventSource[]): Evaluation {
  const evaluation = createEvaluation({ templates: createMessageTemplates(), mayRead: () => true, clock: () => START_MS });
  for (const { name } of sources) for (const known of [evaluation.positions, evaluation.read]) known.set(name, STREAM_START);
  evaluation.engine.put(anAlertRule(), START_MS);
  return evaluation;
}

it('who is behind lets others have their turn of the event loop, and comes to the same', async () => {
  const sources = ['one', 'other'].map(inMemory);
  const metrics = { accepted: () => {} };
  /** How many turns of the event loop it took, when each look at the clock takes as long; and others use up what is shared. */
  const take = async (tickMs: number, others = (_slicer: EventLoopSlicer) => {}) => {
    let atMs = 0;
    const slicer = createEventLoopSlicer({ budgetMs: 4, now: () => (atMs += tickMs) });
    let turns = 0;
    let isDone = false;
    const count = () => {
      turns++;
      others(slicer);
      if (!isDone) setImmediate(count);
    };
    setImmediate(count);
    const outcomes = await takeRows({ sources, metrics, slicer }, evaluationOf(sources));
    isDone = true;
    return { turns, transitions: outcomes.flatMap(({ transitions }) => transitions.map(({ to }) => to)) };
  };
  const atOnce = await take(0);
  const inTurns = await take(0.4);
  expect(atOnce.turns).toBeLessThanOrEqual(1);
  expect(inTurns.turns).toBeGreaterThan(ROWS / 10);
  expect(atOnce.transitions.length).toBeGreaterThan(10);
  expect(inTurns.transitions).toEqual(atOnce.transitions);
  const besideOthers = await take(0.4, ({ hasTime }) => {
    while (hasTime());
  });
  expect(besideOthers.turns).toBeLessThan(ROWS / 2);
  expect(besideOthers.transitions).toEqual(atOnce.transitions);
});
