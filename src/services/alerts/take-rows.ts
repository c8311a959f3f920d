import type { RuleOutcome } from '../../domain/alerts/rule-outcome.ts';
import type { EventLoopSlicer } from '../scanner/event-loop-slicer.ts';
import { createPace } from '../scanner/pace.ts';
import type { AlertMetrics } from './alert-metrics.ts';
import type { Evaluation } from './evaluation.ts';
import type { EventBatch, EventSource, PlacedEvent } from './event-source.ts';

export interface TakeRowsDeps {
  readonly sources: readonly EventSource[];
  readonly metrics: Pick<AlertMetrics, 'accepted'>;
  readonly slicer: EventLoopSlicer;
}

/**
 * The next rows of all streams, in the order of their moments; of one moment in the order of the streams. When a stream has more rows than came, those of the others
 * that are later than they wait for them: rows of the past happen in the order in which they would have. So do those that are later than a moment to which time is
 * about to pass. Others have their turn of the event loop in between.
 */
export async function takeRows({ sources, metrics, slicer }: TakeRowsDeps, evaluation: Evaluation): Promise<RuleOutcome[]> {
  const { engine, positions, read } = evaluation;
  const batches: { readonly name: string; readonly batch: EventBatch }[] = [];
  for (const source of sources) {
    // What is in memory is read without waiting for anything: who is behind would not let go of the event loop until there is no more.
    if (!slicer.hasTime()) await slicer.turn();
    batches.push({ name: source.name, batch: await source.read(positions.get(source.name)!) });
  }
  const reached = batches.filter(({ batch }) => batch.hasMore).map(({ batch }) => batch.position.atMs);
  evaluation.behindAtMs = reached.length === 0 ? null : Math.min(...reached);
  const untilMs = Math.min(evaluation.behindAtMs ?? Number.POSITIVE_INFINITY, evaluation.mark?.atMs ?? Number.POSITIVE_INFINITY);
  const taken: PlacedEvent[] = [];
  for (const { name, batch } of batches) {
    read.set(name, batch.position);
    const ripe = batch.events.filter(({ position }) => position.atMs <= untilMs);
    taken.push(...ripe);
    const isWhole = ripe.length === batch.events.length;
    const position = isWhole ? batch.position : (ripe.at(-1)?.position ?? positions.get(name)!);
    if (position.sequence > positions.get(name)!.sequence) evaluation.arePositionsSaved = false;
    positions.set(name, position);
  }
  taken.sort((left, right) => left.position.atMs - right.position.atMs);
  metrics.accepted(taken.length);
  const outcomes: RuleOutcome[] = [];
  const pace = createPace(slicer);
  for (const { event, position } of taken) {
    if (!pace.hasTime()) await pace.turn();
    outcomes.push(...engine.accept(event, position.atMs));
  }
  return outcomes;
}
