import { createCsvLine, readCsvLine } from './csv-line.ts';
import { parseDecimal } from './parse-decimal.ts';

/** How vendors write that there is no number. */
const NO_NUMBER = new Set(['', 'nan', 'null', 'none', 'n/a', 'na', '-', '--']);

/**
 * Walks the lines of a CSV file (RFC 4180, with LF or CRLF, the last one with or without) and reads fields in place: numbers without
 * making strings. A line break ends the record even within quotes, so that one lost quote costs one line and not the rest of the file.
 * Empty lines are passed over.
 */
export interface CsvReader {
  /** Goes to the next line; false at the end. */
  next(): boolean;
  /** Number of the current line, from 1. */
  line(): number;
  fieldCount(): number;
  /** Where a field's content stands in the bytes, without its quotes. */
  start(field: number): number;
  end(field: number): number;
  /** The content of a field; empty when the line does not have it. */
  text(field: number): string;
  /**
   * A number; NaN when the field is empty, says that there is none, or is not on the line (field -1: the file has no such column). NaN too
   * when it says something else, which `takeFault` then tells.
   */
  number(field: number): number;
  /** The first field that `number` could not read since the last call of this or of `next`, or -1. */
  takeFault(): number;
}

export function createCsvReader(bytes: Uint8Array): CsvReader {
  const current = createCsvLine();
  const { starts, ends } = current;
  // toString of a Buffer costs a third of a TextDecoder's on texts this short.
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Past a byte order mark.
  let position = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  let line = 0;
  let fault = -1;

  function next(): boolean {
    fault = -1;
    while (position < bytes.length) {
      line += 1;
      position = readCsvLine(bytes, position, current);
      if (current.count > 1 || ends[0]! > starts[0]!) return true;
    }
    current.count = 0;
    return false;
  }

  function text(field: number): string {
    if (field < 0 || field >= current.count) return '';
    const content = buffer.toString('utf8', starts[field], ends[field]);
    return content.includes('""') ? content.replaceAll('""', '"') : content;
  }

  function number(field: number): number {
    if (field < 0 || field >= current.count) return Number.NaN;
    const value = parseDecimal(bytes, starts[field]!, ends[field]!);
    if (Number.isNaN(value) && fault < 0 && ends[field]! > starts[field]! && !NO_NUMBER.has(text(field).trim().toLowerCase()))
      fault = field;
    return value;
  }

  function takeFault(): number {
    const field = fault;
    fault = -1;
    return field;
  }

  return {
    next,
    line: () => line,
    fieldCount: () => current.count,
    start: (field) => starts[field]!,
    end: (field) => ends[field]!,
    text,
    number,
    takeFault,
  };
}
