import { parseDecimal } from './parse-decimal.ts';

const [LINE_FEED, CARRIAGE_RETURN, QUOTE, COMMA] = [10, 13, 34, 44];
/** More fields than this on a line are passed over; the widest format has 22. */
const MAXIMUM_FIELDS = 64;
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
  const starts = new Int32Array(MAXIMUM_FIELDS);
  const ends = new Int32Array(MAXIMUM_FIELDS);
  // toString of a Buffer costs a third of a TextDecoder's on texts this short.
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Past a byte order mark.
  let position = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  let line = 0;
  let count = 0;
  let fault = -1;

  function next(): boolean {
    fault = -1;
    while (position < bytes.length) {
      line += 1;
      readLine();
      if (count > 1 || ends[0]! > starts[0]!) return true;
    }
    count = 0;
    return false;
  }

  function readLine(): void {
    // Local names: read from the closure in this loop they cost as much again as the loop itself.
    const input = bytes;
    const fieldStarts = starts;
    const fieldEnds = ends;
    const { length } = input;
    let i = position;
    let field = 0;
    let fieldStart = i;
    for (; i < length; i++) {
      const byte = input[i]!;
      if (byte > COMMA) continue;
      if (byte === COMMA) {
        if (field < MAXIMUM_FIELDS) {
          fieldStarts[field] = fieldStart;
          fieldEnds[field++] = i;
        }
        fieldStart = i + 1;
      } else if (byte === LINE_FEED) break;
      else if (byte === QUOTE && i === fieldStart && field < MAXIMUM_FIELDS) {
        fieldStarts[field] = i + 1;
        i = closingQuote(i + 1);
        fieldEnds[field++] = i;
        i = afterQuoted(i);
        fieldStart = i + 1;
        if (i === length || input[i] === LINE_FEED) break;
      }
    }
    // Beyond the line when a quoted field was its last.
    if (fieldStart <= i && field < MAXIMUM_FIELDS) {
      fieldStarts[field] = fieldStart;
      fieldEnds[field++] = i > fieldStart && input[i - 1] === CARRIAGE_RETURN ? i - 1 : i;
    }
    count = field;
    position = i + 1;
  }

  /** Where the quoted content that begins at `from` ends: its closing quote, or the end of the line. */
  function closingQuote(from: number): number {
    let i = from;
    for (; i < bytes.length && bytes[i] !== LINE_FEED; i++) {
      if (bytes[i] !== QUOTE) continue;
      if (bytes[i + 1] !== QUOTE) return i;
      i++;
    }
    return i;
  }

  /** The comma, line feed or end that follows a quoted field. */
  function afterQuoted(from: number): number {
    let i = from;
    while (i < bytes.length && bytes[i] !== COMMA && bytes[i] !== LINE_FEED) i++;
    return i;
  }

  function text(field: number): string {
    if (field < 0 || field >= count) return '';
    const content = buffer.toString('utf8', starts[field], ends[field]);
    return content.includes('""') ? content.replaceAll('""', '"') : content;
  }

  function number(field: number): number {
    if (field < 0 || field >= count) return Number.NaN;
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
    fieldCount: () => count,
    start: (field) => starts[field]!,
    end: (field) => ends[field]!,
    text,
    number,
    takeFault,
  };
}
