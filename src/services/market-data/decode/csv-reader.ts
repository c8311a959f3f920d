import { createCsvLine, readCsvLine } from './csv-line.ts';
import { parseDecimals } from './parse-decimals.ts';

/**
 * Walks the lines of a CSV file (RFC 4180, with LF or CRLF, the last one with or without) and reads fields in place: numbers without making
 * strings. A line break ends the record even within quotes, so that one lost quote costs one line and not the rest of the file. Empty lines
 * are passed over.
 */
export interface CsvReader {
  /** Goes to the next line; false at the end. */
  next(): boolean;
  /** Where the next line begins in the bytes. */
  position(): number;
  /** Goes past the next lines, whose end somebody else has found, without looking for their fields. */
  pass(lines: number, end: number): void;
  /** Number of the current line, from 1. */
  line(): number;
  fieldCount(): number;
  /** Where a field's content stands in the bytes, without its quotes. */
  start(field: number): number;
  end(field: number): number;
  /** The content of a field; empty when the line does not have it. */
  text(field: number): string;
  /**
   * Reads the numbers of some fields; NaN for one that is empty, says that there is none, or is not on the line (-1: the file has no such
   * column). Returns the first field that says something else, or -1.
   */
  numbers(fields: Int32Array, into: Float64Array): number;
}

export function createCsvReader(bytes: Uint8Array): CsvReader {
  const current = createCsvLine();
  const { starts, ends } = current;
  // Its toString costs a third of a TextDecoder's on texts this short.
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Past a byte order mark.
  let position = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  let line = 0;

  return {
    next() {
      while (position < bytes.length) {
        line += 1;
        position = readCsvLine(bytes, position, current);
        if (current.count > 1 || ends[0]! > starts[0]!) return true;
      }
      current.count = 0;
      return false;
    },
    position: () => position,
    pass(lines, end) {
      line += lines;
      position = end;
      current.count = 0;
    },
    line: () => line,
    fieldCount: () => current.count,
    start: (field) => starts[field]!,
    end: (field) => ends[field]!,
    text(field) {
      if (field < 0 || field >= current.count) return '';
      const content = buffer.toString('utf8', starts[field], ends[field]);
      return content.includes('""') ? content.replaceAll('""', '"') : content;
    },
    numbers: (fields, into) => parseDecimals(buffer, current, fields, into),
  };
}
