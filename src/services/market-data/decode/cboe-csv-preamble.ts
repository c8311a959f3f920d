import { dayNumber } from '../../../domain/calendar/day-number.ts';
import { newYorkToUtcMs } from '../../../domain/calendar/new-york-time.ts';
import type { CsvReader } from './csv-reader.ts';
import { malformedFile, quoteFound } from './malformed-file.ts';

/** What the lines above Cboe's quote table say. */
export interface CboeCsvPreamble {
  /** Epoch milliseconds, UTC. */
  readonly quotedAtMs: number;
  /** NaN when it is not stated. */
  readonly underlyingPrice: number;
}

/** The header stands in line 4; with a longer preamble than this it is another file. */
const MAXIMUM_LINES = 20;
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const DATE = /Date: ([A-Z][a-z]+) (\d{1,2}), (\d{4}) at (\d{1,2}):(\d{2}) ([AP])M(?: E[SD]T)?$/;
const MINUTE_MS = 60_000;

/**
 * Reads down to the header line, which must be exactly `header` (a trailing comma aside), and leaves the reader there. The date line is
 * New York time (`December 12, 2022 at 8:30 PM EST`), the price stands as `Last: 3990.56` beside the name of the underlying. Throws
 * FeedMalformedError.
 */
export function readCboeCsvPreamble(csv: CsvReader, source: string, header: readonly string[]): CboeCsvPreamble {
  let quotedAtMs = Number.NaN;
  let underlyingPrice = Number.NaN;
  while (csv.line() < MAXIMUM_LINES && csv.next()) {
    if (csv.text(0).trim() === header[0]) {
      requireHeader(csv, source, header);
      if (Number.isNaN(quotedAtMs))
        throw malformedFile(source, `above line ${csv.line()}`, 'a line "Date: December 12, 2022 at 8:30 PM EST"', 'none');
      return { quotedAtMs, underlyingPrice };
    }
    for (let field = 0; field < csv.fieldCount(); field++) {
      const text = csv.text(field).trim();
      if (text.startsWith('Date:')) quotedAtMs = readDate(text, csv, source);
      else if (text.startsWith('Last:') && Number.isNaN(underlyingPrice)) underlyingPrice = Number(text.slice('Last:'.length));
    }
  }
  throw malformedFile(
    source,
    `line ${csv.line()}`,
    `a header that begins with ${header.slice(0, 3).join(',')}`,
    csv.line() === 0 ? 'an empty file' : 'none so far',
  );
}

function readDate(text: string, csv: CsvReader, source: string): number {
  const match = DATE.exec(text);
  const month = match ? MONTHS.indexOf(match[1]!) + 1 : 0;
  if (!match || month === 0) {
    throw malformedFile(source, `line ${csv.line()}, field Date`, 'a time like December 12, 2022 at 8:30 PM EST', quoteFound(text));
  }
  const hour = (Number(match[4]) % 12) + (match[6] === 'P' ? 12 : 0);
  return newYorkToUtcMs(dayNumber(Number(match[3]), month, Number(match[2])), (hour * 60 + Number(match[5])) * MINUTE_MS);
}

function requireHeader(csv: CsvReader, source: string, header: readonly string[]): void {
  header.forEach((name, field) => {
    const found = csv.text(field).trim();
    if (found !== name) throw malformedFile(source, `line ${csv.line()}, field ${field + 1}`, `the column ${name}`, quoteFound(found));
  });
}
