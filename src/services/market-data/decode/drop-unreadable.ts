import type { RecordDropReason } from '../../../domain/chain/chain-snapshot.ts';
import type { CsvReader } from './csv-reader.ts';
import { quoteFound } from './malformed-file.ts';

/** What can count a drop: a chain builder's `drop` or the groups' `dropStray`. */
type Drop = (reason: RecordDropReason, line: number, detail: string) => unknown;

/** Counts the current line as dropped because of what one of its fields says. */
export function dropField(drop: Drop, csv: CsvReader, reason: RecordDropReason, field: number, name: string, expected: string): void {
  drop(reason, csv.line(), `field ${name}: expected ${expected}, found ${quoteFound(csv.text(field))}`);
}

/** Counts the current line as dropped because it is too short. */
export function dropShort(drop: Drop, csv: CsvReader, expectedFields: number): void {
  drop('missing-field', csv.line(), `expected ${expectedFields} fields, found ${csv.fieldCount()}`);
}
