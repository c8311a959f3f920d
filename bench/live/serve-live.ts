import type { ScanResult } from '../../dist/domain/results/scan-result.js';
import { liveRows } from './live-rows.ts';

/** What a contestant's process is told to do. Rows are made before, so that publishing is what is measured. */
export type ServerCommand =
  | { readonly kind: 'prepare'; readonly firstSequence: number; readonly batches: number; readonly rowsPerBatch: number }
  | { readonly kind: 'publish'; readonly from: number; readonly count: number }
  | { readonly kind: 'publish-all'; readonly intervalMs: number }
  | { readonly kind: 'usage' }
  /** Collects garbage first, which costs processor time. */
  | { readonly kind: 'memory' }
  | { readonly kind: 'subscribers' };

export interface ServerUsage {
  readonly kind: 'usage';
  /** Processor time of the process so far. */
  readonly microseconds: number;
}

export interface ServerMemory {
  readonly kind: 'memory';
  /** Of the whole process. */
  readonly residentBytes: number;
}

export interface LiveServer {
  readonly port: number;
  readonly subscribers: () => number;
  readonly publish: (rows: readonly ScanResult[]) => void;
}

/** Obeys the parent. */
export function serveLive({ port, subscribers, publish }: LiveServer): void {
  let batches: ScanResult[][] = [];
  process.on('message', (message) => {
    const command = message as ServerCommand;
    switch (command.kind) {
      case 'prepare':
        batches = Array.from({ length: command.batches }, (_, batch) =>
          liveRows(command.firstSequence + batch * command.rowsPerBatch, command.rowsPerBatch),
        );
        process.send?.({ kind: 'prepared' });
        break;
      case 'publish':
        publishMany(batches.slice(command.from, command.from + command.count));
        break;
      case 'publish-all':
        publishAll(batches, command.intervalMs);
        break;
      case 'usage':
        process.send?.(usage());
        break;
      case 'memory':
        process.send?.(memory());
        break;
      case 'subscribers':
        process.send?.({ kind: 'subscribers', count: subscribers() });
        break;
    }
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.({ kind: 'listening', port });

  /** Each in a turn of the event loop of its own, as batches come in life. */
  function publishMany([first, ...others]: readonly ScanResult[][]): void {
    if (first) publish(first);
    if (others.length > 0) setImmediate(publishMany, others);
  }

  /** At a fixed rate, whatever the time each takes: what is late is published at once. */
  function publishAll(all: readonly ScanResult[][], intervalMs: number): void {
    const publishedAtMs: number[] = [];
    const startedAtMs = monotonicMs();
    const timer = setInterval(
      () => {
        const due = Math.floor((monotonicMs() - startedAtMs) / intervalMs);
        while (publishedAtMs.length < Math.min(due, all.length)) {
          // Not the moment it was due: how well timers keep time is no matter of the contestants.
          publishedAtMs.push(monotonicMs());
          publish(all[publishedAtMs.length - 1]!);
        }
        if (publishedAtMs.length < all.length) return;
        clearInterval(timer);
        process.send?.({ kind: 'published', publishedAtMs });
      },
      Math.min(intervalMs, 1),
    );
  }
}

function usage(): ServerUsage {
  const { user, system } = process.cpuUsage();
  return { kind: 'usage', microseconds: user + system };
}

function memory(): ServerMemory {
  (globalThis as { gc?: () => void }).gc?.();
  return { kind: 'memory', residentBytes: process.memoryUsage.rss() };
}

/** The same clock in all processes of a machine. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
