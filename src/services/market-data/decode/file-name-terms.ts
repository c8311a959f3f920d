import { parseDate } from '../../../domain/calendar/day-number.ts';
import { malformedFile, quoteFound } from './malformed-file.ts';

/** What names like goog_20151224.csv and goog_20151224_chain_5min.csv.gz say for files that do not say it themselves. */
export interface FileNameTerms {
  readonly symbol: string;
  /** Day number of the date in the name. */
  readonly day: number;
}

/** Reads the name of a file (with or without folders before it). Throws FeedMalformedError. */
export function fileNameTerms(source: string): FileNameTerms {
  const name = source.split(/[\\/]/).at(-1)!;
  const match = /^([A-Za-z][A-Za-z0-9.]{0,9})_(\d{4})(\d{2})(\d{2})[_.]/.exec(name);
  const day = match ? parseDate(`${match[2]}-${match[3]}-${match[4]}`) : null;
  if (!match || day === null) {
    throw malformedFile(source, 'file name', 'symbol and date as in goog_20151224.csv, which this format does not hold', quoteFound(name));
  }
  return { symbol: match[1]!.toUpperCase(), day };
}
