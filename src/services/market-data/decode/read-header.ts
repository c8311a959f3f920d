import type { CsvReader } from './csv-reader.ts';
import { malformedFile, quoteFound } from './malformed-file.ts';

/**
 * Reads the first line of a CSV file and says at which field each column stands; -1 for an optional one the file does not have. Columns
 * may come in any order, with others between them. Throws FeedMalformedError when a required one is missing.
 */
export function readHeader<Required extends string, Optional extends string = never>(
  csv: CsvReader,
  source: string,
  required: readonly Required[],
  optional: readonly Optional[] = [],
): Readonly<Record<Required | Optional, number>> {
  if (!csv.next()) throw malformedFile(source, 'line 1', `a header with the columns ${required.join(', ')}`, 'an empty file');
  const names = Array.from({ length: csv.fieldCount() }, (_, field) => csv.text(field).trim().toLowerCase());
  const columns = {} as Record<Required | Optional, number>;
  for (const name of required) {
    columns[name] = names.indexOf(name);
    if (columns[name] < 0)
      throw malformedFile(source, `line ${csv.line()}, field ${name}`, 'a column of this name', quoteFound(names.join(',')));
  }
  for (const name of optional) columns[name] = names.indexOf(name);
  return columns;
}
