import type { Viewer } from '../../domain/access/viewer.ts';
import type { AlertEvent } from '../../domain/alerts/alert-event.ts';
import type { AlertRule } from '../../domain/alerts/alert-rule.ts';
import { type BacktestCounts, type BacktestFiring, createRuleBacktest, type RuleBacktest } from '../../domain/alerts/backtest-rule.ts';
import type { EscalationPolicy } from '../../domain/alerts/escalation-policy.ts';
import { escalationsOfFiring } from '../../domain/alerts/escalations-of-firing.ts';
import type { RuleCondition } from '../../domain/alerts/rule-condition.ts';
import { LimitExceededError } from '../../domain/errors/limit-exceeded-error.ts';
import { opportunityChangeStream } from '../opportunities/opportunity-change-stream.ts';
import { scanResultStream } from '../results/scan-result-stream.ts';
import { scanReportStream } from '../scan-runs/scan-report-stream.ts';
import type { EventLoopSlicer } from '../scanner/event-loop-slicer.ts';
import type { StreamPosition } from '../stream-log/stream-position.ts';
import type { StreamSource } from '../subscriptions/stream-source.ts';
import { createWorkSource, type NumberedItem } from '../subscriptions/work-source.ts';
import { underlyingObservationStream } from '../underlyings/underlying-observation-stream.ts';
import type { HistorySource } from './history-source.ts';

/** They compute: more at once only slow each other down. */
const MOST_PER_SUBJECT = 2;
const MOST_IN_ALL = 8;
/** How often progress is told, milliseconds. */
const TELL_EVERY_MS = 250;

export interface BacktestRequest {
  readonly rule: AlertRule;
  /** Of the rule; null: it has none. */
  readonly policy: EscalationPolicy | null;
  /** Epoch milliseconds; `before` is exclusive. */
  readonly fromMs: number;
  readonly beforeMs: number;
  readonly flapBelowMs: number;
}

/** What one channel would have been told so far. */
export interface ChannelNotices {
  readonly channelId: string;
  readonly fired: number;
  readonly again: number;
  readonly resolved: number;
  readonly escalated: number;
}

export interface BacktestProgress extends BacktestCounts {
  readonly isOver: boolean;
  /** 0 to 1, by time. */
  readonly progress: number;
  /** Up to when, epoch milliseconds. */
  readonly reachedAtMs: number;
  readonly rows: number;
  /** Begun or ended since the last progress. */
  readonly changedFirings: readonly BacktestFiring[];
  readonly channels: readonly ChannelNotices[];
}

export interface BacktestService {
  /** Progress at most every 250 ms, and at the end. The subscription fails with LimitExceededError when too many go on. */
  backtest(request: BacktestRequest, viewer: Viewer): StreamSource<NumberedItem<BacktestProgress>, BacktestProgress>;
  running(): number;
  /** Completes every one. */
  stop(): void;
}

export interface BacktestServiceDeps {
  readonly histories: readonly HistorySource[];
  /** Private filters of others: what they find is not shown. */
  readonly hiddenFilterIds: (viewer: Viewer) => readonly string[];
  readonly slicer: EventLoopSlicer;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly newId: () => string;
}

export function createBacktestService(deps: BacktestServiceDeps): BacktestService {
  const bySubject = new Map<string, number>();
  const ends = new Set<() => void>();

  function enter(subject: string): () => void {
    const own = (bySubject.get(subject) ?? 0) + 1;
    if (own > MOST_PER_SUBJECT) throw new LimitExceededError('backtests at a time', MOST_PER_SUBJECT, own, { limit: 'alertBacktests' });
    const all = [...bySubject.values()].reduce((sum, count) => sum + count, 1);
    if (all > MOST_IN_ALL) throw new LimitExceededError('backtests of all at a time', MOST_IN_ALL, all, { limit: 'alertBacktests' });
    bySubject.set(subject, own);
    return () => {
      const left = bySubject.get(subject)! - 1;
      if (left === 0) bySubject.delete(subject);
      else bySubject.set(subject, left);
    };
  }

  return {
    backtest: (request, viewer) =>
      createWorkSource<BacktestProgress>({
        key: JSON.stringify(['alert-backtest', deps.newId()]),
        enter: () => enter(viewer.subject),
        ends,
        work: (isCancelled) => work(deps, request, new Set(deps.hiddenFilterIds(viewer)), isCancelled),
      }),
    running: () => [...bySubject.values()].reduce((sum, count) => sum + count, 0),
    stop() {
      for (const end of ends) end();
    },
  };
}

async function* work(
  { histories, slicer, clock, now }: BacktestServiceDeps,
  request: BacktestRequest,
  hidden: ReadonlySet<string>,
  isCancelled: () => boolean,
): AsyncGenerator<BacktestProgress, void, void> {
  const { rule, fromMs, flapBelowMs } = request;
  const untilMs = Math.min(request.beforeMs, clock());
  const history = histories.find(({ name }) => name === streamOf(rule.condition))!;
  const backtest = createRuleBacktest({ rule, flapBelowMs, fromMs });
  const told = createTold(request);
  const isShown = (event: AlertEvent) => !hidden.has(filterOf(event) ?? '');
  let position: StreamPosition = { atMs: fromMs, sequence: 0 };
  let rows = 0;
  let toldAt = now();
  for (;;) {
    const page = await history.page(position, untilMs);
    if (isCancelled()) return;
    await slicer.turn();
    for (const { atMs, events } of page.rows) {
      for (const event of events) if (isShown(event)) backtest.accept(event, atMs);
      rows++;
      if (slicer.isExhausted()) await slicer.turn();
      if (isCancelled()) return;
    }
    if (page.rows.length === 0) break;
    position = page.position;
    if (now() - toldAt < TELL_EVERY_MS) continue;
    yield told(backtest, position.atMs, rows, false);
    toldAt = now();
  }
  backtest.passTime(untilMs - 1);
  yield told(backtest, untilMs, rows, true);
}

/** What is told of a backtest; it adds up escalations, which are known when a firing is over or the backtest is. */
function createTold({ rule, policy, fromMs, beforeMs }: BacktestRequest) {
  const open = new Map<number, BacktestFiring>();
  const escalated = new Map<string, number>();

  function escalate(firing: BacktestFiring, untilMs: number): void {
    for (const [id, count] of policy ? escalationsOfFiring(policy, firing.firedAtMs, untilMs) : [])
      escalated.set(id, (escalated.get(id) ?? 0) + count);
  }

  return (backtest: RuleBacktest, reachedAtMs: number, rows: number, isOver: boolean): BacktestProgress => {
    const changedFirings = backtest.takeChanged();
    for (const firing of changedFirings) {
      if (firing.resolvedAtMs === null) open.set(firing.number, firing);
      else {
        open.delete(firing.number);
        escalate(firing, firing.resolvedAtMs);
      }
    }
    if (isOver) for (const firing of open.values()) escalate(firing, reachedAtMs);
    const counts = backtest.counts();
    const { FIRED: fired, AGAIN: again, RESOLVED: resolved } = counts.notices;
    const own = new Set(rule.channelIds);
    return {
      ...counts,
      isOver,
      progress: isOver ? 1 : Math.min(1, Math.max(0, (reachedAtMs - fromMs) / Math.max(1, beforeMs - fromMs))),
      reachedAtMs,
      rows,
      changedFirings,
      channels: [...new Set([...own, ...escalated.keys()])].map((channelId) => ({
        channelId,
        ...(own.has(channelId) ? { fired, again, resolved } : { fired: 0, again: 0, resolved: 0 }),
        escalated: escalated.get(channelId) ?? 0,
      })),
    };
  };
}

/** The stream that a condition reads. */
function streamOf(condition: RuleCondition): string {
  if (condition.kind === 'MATCH') return scanResultStream.name;
  if (condition.kind === 'ENTER_EXIT') return opportunityChangeStream.name;
  return condition.source.of === 'UNDERLYING' ? underlyingObservationStream.name : scanReportStream.name;
}

function filterOf(event: AlertEvent): string | null {
  if (event.kind !== 'METRIC') return event.subject.filterId;
  return event.sample.of === 'FILTER' ? event.sample.subject : null;
}
