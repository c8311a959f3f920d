import postgres from 'postgres';
import type { ScanResult } from '../../dist/domain/results/scan-result.js';
import { type ScanResultColumn, scanResultReading } from '../../dist/services/results/scan-result-columns.js';
import { encodePosition } from '../../dist/services/stream-log/cursor.js';
import { SELECTED_FIELDS } from './selected-fields.ts';

export const sql = postgres(process.env.DATABASE_URL!, {
  max: 10,
  connection: { TimeZone: 'UTC' },
  types: {
    bigint: { to: 20, from: [20], serialize: String, parse: Number },
    timestamptz: {
      to: 1184,
      from: [1184],
      serialize: (value: Date) => value.toISOString(),
      parse: (text: string) => Date.parse(`${text.slice(0, 10)}T${text.slice(11).replace(/\+00$/, 'Z')}`),
    },
  },
});

const reading = scanResultReading(new Set<ScanResultColumn>(SELECTED_FIELDS));

/** The statement of the product's page. */
export async function readPage(first: number): Promise<ScanResult[]> {
  const text = reading.statement('where true order by detected_at desc, sequence desc limit $1::int');
  return reading.rows(await sql.unsafe(text, [first + 1], { prepare: true }).values());
}

export function cursorOf(row: ScanResult): string {
  return encodePosition('scan-results', { atMs: row.detectedAtMs, sequence: row.sequence });
}
