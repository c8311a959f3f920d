import type { SymbolSchedule } from './symbol-schedule.ts';

/** One symbol to be scanned as part of a run. */
export interface ScanTask {
  readonly runId: string;
  readonly symbol: string;
}

export interface CycleTask extends ScanTask {
  /** Epoch milliseconds before which it does not start, even if its symbol is due. */
  readonly notBeforeMs: number;
}

export type NextTask =
  | { readonly kind: 'task'; readonly task: ScanTask }
  /** Nothing may start now; something may at this time, if nothing new comes in before. */
  | { readonly kind: 'wait'; readonly untilMs: number }
  | { readonly kind: 'empty' };

/**
 * What is left to scan: requests first, in order, whenever their symbol is not being fetched this very moment; then the cycle's symbols, each when it is due and the cycle has got to it.
 * A symbol is never handed out twice at once.
 */
export interface TaskQueue {
  addRequest(tasks: readonly ScanTask[]): void;
  addCycle(tasks: readonly CycleTask[]): void;
  /** Hands a task out; it counts as running until `done`. */
  next(nowMs: number): NextTask;
  done(task: ScanTask): void;
  /** Forgets the cycle's symbols that have not started. */
  clearCycle(): void;
  /** Forgets all that has not started. */
  clear(): void;
  /** Whether something handed out is not done: of this run, or of any. */
  isBusy(runId?: string): boolean;
}

export function createTaskQueue({ schedule }: { schedule: SymbolSchedule }): TaskQueue {
  let requests: ScanTask[] = [];
  let cycle: CycleTask[] = [];
  /** Run by symbol. */
  const running = new Map<string, string>();

  const startableAtMs = ({ symbol, notBeforeMs }: CycleTask): number => Math.max(notBeforeMs, schedule.dueAtMs(symbol));

  function take(tasks: ScanTask[], index: number): NextTask {
    const [task] = tasks.splice(index, 1);
    running.set(task!.symbol, task!.runId);
    return { kind: 'task', task: task! };
  }

  return {
    addRequest: (tasks) => requests.push(...tasks),
    addCycle: (tasks) => cycle.push(...tasks),
    next(nowMs) {
      const requested = requests.findIndex((task) => !running.has(task.symbol) && schedule.requestableAtMs(task.symbol) <= nowMs);
      if (requested >= 0) return take(requests, requested);
      const due = cycle.findIndex((task) => !running.has(task.symbol) && startableAtMs(task) <= nowMs);
      if (due >= 0) return take(cycle, due);
      let untilMs = Number.POSITIVE_INFINITY;
      for (const { symbol } of requests) if (!running.has(symbol)) untilMs = Math.min(untilMs, schedule.requestableAtMs(symbol));
      for (const task of cycle) if (!running.has(task.symbol)) untilMs = Math.min(untilMs, startableAtMs(task));
      return untilMs === Number.POSITIVE_INFINITY ? { kind: 'empty' } : { kind: 'wait', untilMs };
    },
    done: (task) => running.delete(task.symbol),
    clearCycle() {
      cycle = [];
    },
    clear() {
      requests = [];
      cycle = [];
    },
    isBusy: (runId) => (runId === undefined ? running.size > 0 : [...running.values()].includes(runId)),
  };
}
