import { Counter, type Registry } from 'prom-client';
import type { StreamFollowerMetrics } from './stream-follower.ts';

export function createStreamMetrics(registry: Registry): StreamFollowerMetrics {
  const rows = new Counter({
    name: 'strikewire_stream_rows_total',
    help: 'Rows of durable streams this process has followed, by how they came: over the bus, or read from the database because the bus did not bring them.',
    labelNames: ['stream', 'source'],
    registers: [registry],
  });
  return {
    followed: (stream, source, count) => rows.inc({ stream, source }, count),
  };
}
