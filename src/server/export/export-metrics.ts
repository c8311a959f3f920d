import { Counter, Gauge, type Registry } from 'prom-client';
import { EXPORT_FORMATS, type ExportFormatName } from './export-format.ts';

/**
 * completed: all rows, or as many as were asked for or are granted. Cut off: client_gone by the client, stalled because it took nothing, stopped with the server, failed by an
 * error (its token's end among them).
 */
export const EXPORT_OUTCOMES = ['completed', 'client_gone', 'stalled', 'stopped', 'failed'] as const;
export type ExportOutcome = (typeof EXPORT_OUTCOMES)[number];

export interface ExportMetrics {
  /** Begins one; call the answer when it is over. */
  started(format: ExportFormatName): (outcome: ExportOutcome) => void;
  wrote(rows: number, bytes: number): void;
}

export function createExportMetrics(registry: Registry): ExportMetrics {
  const exports = new Counter({
    name: 'strikewire_exports_total',
    help: 'Exports that began to be answered, by format and how they ended.',
    labelNames: ['format', 'outcome'],
    registers: [registry],
  });
  const rowsTotal = new Counter({ name: 'strikewire_export_rows_total', help: 'Rows exported.', registers: [registry] });
  const bytesTotal = new Counter({
    name: 'strikewire_export_bytes_total',
    help: 'Bytes of exports written, before compression.',
    registers: [registry],
  });
  const running = new Gauge({ name: 'strikewire_exports_running', help: 'Exports being answered.', registers: [registry] });
  for (const format of Object.keys(EXPORT_FORMATS)) for (const outcome of EXPORT_OUTCOMES) exports.inc({ format, outcome }, 0);
  return {
    started(format) {
      running.inc();
      return (outcome) => {
        running.dec();
        exports.inc({ format, outcome });
      };
    },
    wrote(rows, bytes) {
      rowsTotal.inc(rows);
      bytesTotal.inc(bytes);
    },
  };
}
