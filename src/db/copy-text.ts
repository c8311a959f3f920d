import { pipeline } from 'node:stream/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Transaction } from './client.ts';

const NULL = '\\N';
/** Put together and sent in one turn of the event loop: well under a millisecond. */
const PIECE_CHARACTERS = 131_072;

/** A number in COPY text format; null, NaN and infinities become NULL: they mean unknown, and unknown is null outside of columns. */
export function copyNumber(value: number | null): string {
  return value === null || !Number.isFinite(value) ? NULL : String(value);
}

/** A string in COPY text format. NUL bytes, which PostgreSQL cannot hold, are left out. */
export function copyString(value: string): string {
  return NEEDS_ESCAPE.test(value) ? value.replace(ESCAPED, escaped) : value;
}

export function copyJson(value: unknown): string {
  return copyString(JSON.stringify(value));
}

/** A text[] in COPY text format. */
export function copyTextArray(values: readonly string[]): string {
  const literals = values.map((value) => `"${value.replace(/["\\]/g, '\\$&')}"`);
  return copyString(`{${literals.join(',')}}`);
}

/** epoch milliseconds as timestamptz. */
export function copyTimestamp(atMs: number): string {
  return new Date(atMs).toISOString();
}

/**
 * Sends lines of COPY text, each with its end, to a table inside a transaction; resolves when PostgreSQL has taken them all. Many lines go in pieces, with a turn of the
 * event loop between two: lines that take long to make are best made as they are asked for.
 * @throws what PostgreSQL says of the first line it refuses, or that the connection was lost
 */
export async function copyInto(transaction: Transaction, table: string, columns: string, lines: Iterable<string>): Promise<void> {
  const stream = await transaction.unsafe(`copy ${table} (${columns}) from stdin`).writable();
  await pipeline(inPieces(lines), stream);
}

async function* inPieces(lines: Iterable<string>): AsyncGenerator<string> {
  let piece = '';
  for (const line of lines) {
    piece += line;
    if (piece.length < PIECE_CHARACTERS) continue;
    yield piece;
    piece = '';
    await nextTurn();
  }
  if (piece !== '') yield piece;
}

/** What COPY text gives a meaning. */
const NEEDS_ESCAPE = /[\\\t\n\r\0]/;
const ESCAPED = /[\\\t\n\r\0]/g;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r', '\0': '' };

function escaped(character: string): string {
  return ESCAPES[character] ?? character;
}
