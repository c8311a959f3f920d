import { Counter, type Registry } from 'prom-client';
import { IGNORED_REASONS, type IgnoredReason } from './bus-format.ts';

/** away: not connected, or the connection was lost before the answer. backlog: too much had not been answered yet. refused: answered with an error. */
export const DROPPED_REASONS = ['away', 'backlog', 'refused'] as const;
export type DroppedReason = (typeof DROPPED_REASONS)[number];

/** Counts messages between processes; what stays inside a process is not counted. */
export interface BusMetrics {
  published(): void;
  received(): void;
  ignored(reason: IgnoredReason): void;
  dropped(reason: DroppedReason): void;
}

export function createBusMetrics(registry: Registry): BusMetrics {
  const counter = (name: string, help: string, labelNames: readonly string[] = []) =>
    new Counter({ name, help, labelNames: [...labelNames], registers: [registry] });
  const published = counter('strikewire_bus_messages_published_total', 'Messages that Redis has taken for the other processes.');
  const received = counter('strikewire_bus_messages_received_total', 'Messages that came from other processes.');
  const ignored = counter('strikewire_bus_messages_ignored_total', 'Messages of other processes that could not be used.', ['reason']);
  const dropped = counter(
    'strikewire_bus_messages_dropped_total',
    'Messages that did not get out; other processes read what was in them from the database.',
    ['reason'],
  );
  for (const reason of IGNORED_REASONS) ignored.inc({ reason }, 0);
  for (const reason of DROPPED_REASONS) dropped.inc({ reason }, 0);
  return {
    published: () => published.inc(),
    received: () => received.inc(),
    ignored: (reason) => ignored.inc({ reason }),
    dropped: (reason) => dropped.inc({ reason }),
  };
}
