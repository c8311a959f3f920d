import { FeedMalformedError } from '../feed-errors.ts';

/** The error that refuses a file: `chain.csv, line 1, field strike: expected a column of this name, found "a,b"`. */
export function malformedFile(source: string, where: string, expected: string, found: string, options?: ErrorOptions): FeedMalformedError {
  return new FeedMalformedError(`${source}${where === '' ? '' : `, ${where}`}: expected ${expected}, found ${found}`, options);
}

/** Foreign text for a message: quoted, control characters escaped, cut at 60 characters. */
export function quoteFound(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
