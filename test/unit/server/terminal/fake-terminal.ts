import { EventEmitter } from 'node:events';

/** A control sequence, or a character. */
const TOKEN = /\p{Cc}\[[\d;]*[A-Za-z]|[\s\S]/gu;

/**
 * A terminal of fixed height that understands what the status line uses: text with wrapping, carriage return, line feed, "clear to the end of the screen"
 * and colours (ignored). `rows` is what a person sees, `raw` every byte that was written.
 */
export class FakeTerminal extends EventEmitter {
  readonly isTTY: boolean | undefined;
  columns: number | undefined;
  raw = '';
  row = 0;
  column = 0;
  readonly #rows: string[] = [''];

  constructor({ isTTY = true, columns = 100 }: { isTTY?: boolean | undefined; columns?: number | undefined } = {}) {
    super();
    this.isTTY = isTTY;
    this.columns = columns;
  }

  get rows(): string[] {
    return this.#rows.map((row) => row.trimEnd());
  }

  write(text: string): boolean {
    this.raw += text;
    for (const [token] of text.matchAll(TOKEN)) this.#apply(token);
    return true;
  }

  /** Narrows or widens the window as terminals do that wrap long rows anew; the cursor stays on its character. */
  resize(columns: number): void {
    this.columns = columns;
    const above = this.#rows.slice(0, this.row).flatMap((row) => wrapped(row.trimEnd(), columns));
    const rest = this.#rows.slice(this.row).flatMap((row) => wrapped(row.trimEnd(), columns));
    this.row = above.length + Math.floor(this.column / columns);
    this.column %= columns;
    this.#rows.splice(0, this.#rows.length, ...above, ...rest);
    this.emit('resize');
  }

  #apply(token: string): void {
    if (token === '\r') this.column = 0;
    else if (token === '\n') this.#nextRow();
    else if (token === '\u001b[J') {
      this.#rows.splice(this.row + 1);
      this.#rows[this.row] = this.#rows[this.row]!.slice(0, this.column);
    } else if (token.startsWith('\u001b')) {
      if (!token.endsWith('m')) throw new Error(`expected a sequence this terminal knows, got ${JSON.stringify(token)}`);
    } else this.#print(token);
  }

  #print(character: string): void {
    if (this.column >= (this.columns || 80)) this.#nextRow();
    const row = this.#rows[this.row]!.padEnd(this.column);
    this.#rows[this.row] = row.slice(0, this.column) + character + row.slice(this.column + 1);
    this.column += 1;
  }

  #nextRow(): void {
    this.row += 1;
    this.column = 0;
    this.#rows[this.row] ??= '';
  }
}

function wrapped(row: string, columns: number): string[] {
  const parts: string[] = [];
  for (let start = 0; start < row.length; start += columns) parts.push(row.slice(start, start + columns));
  return parts.length === 0 ? [''] : parts;
}
