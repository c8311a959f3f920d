const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const QUOTE = 34;
const COMMA = 44;

/** More fields than this on a line are passed over; the widest format has 22. */
const MAXIMUM_FIELDS = 64;

/** Where the fields of a line stand in the bytes of its file, without their quotes. */
export interface CsvLine {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  count: number;
}

export function createCsvLine(): CsvLine {
  return { starts: new Int32Array(MAXIMUM_FIELDS), ends: new Int32Array(MAXIMUM_FIELDS), count: 0 };
}

/** Finds the fields of the line that begins at `from`, fills `line` with them and returns where the next line begins. */
export function readCsvLine(bytes: Uint8Array, from: number, line: CsvLine): number {
  const { starts, ends } = line;
  const { length } = bytes;
  let i = from;
  let field = 0;
  let fieldStart = i;
  for (; i < length; i++) {
    const byte = bytes[i]!;
    if (byte > COMMA) continue;
    if (byte === COMMA) {
      if (field < MAXIMUM_FIELDS) {
        starts[field] = fieldStart;
        ends[field++] = i;
      }
      fieldStart = i + 1;
    } else if (byte === LINE_FEED) break;
    else if (byte === QUOTE && i === fieldStart && field < MAXIMUM_FIELDS) {
      starts[field] = i + 1;
      i = closingQuote(bytes, i + 1);
      ends[field++] = i;
      i = afterQuoted(bytes, i);
      fieldStart = i + 1;
      if (i === length || bytes[i] === LINE_FEED) break;
    }
  }
  // Beyond the line when a quoted field was its last.
  if (fieldStart <= i && field < MAXIMUM_FIELDS) {
    starts[field] = fieldStart;
    ends[field++] = i > fieldStart && bytes[i - 1] === CARRIAGE_RETURN ? i - 1 : i;
  }
  line.count = field;
  return i + 1;
}

/** Where the quoted content that begins at `from` ends: its closing quote, or the end of the line. */
function closingQuote(bytes: Uint8Array, from: number): number {
  let i = from;
  for (; i < bytes.length && bytes[i] !== LINE_FEED; i++) {
    if (bytes[i] !== QUOTE) continue;
    if (bytes[i + 1] !== QUOTE) return i;
    i++;
  }
  return i;
}

/** The comma, line feed or end that follows a quoted field. */
function afterQuoted(bytes: Uint8Array, from: number): number {
  let i = from;
  while (i < bytes.length && bytes[i] !== COMMA && bytes[i] !== LINE_FEED) i++;
  return i;
}
