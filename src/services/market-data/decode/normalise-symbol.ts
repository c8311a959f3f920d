/** Symbol of an underlying without the marks vendors put before an index (`^RUT`, `_RUT`, `$SPX`), in upper case. */
export function normaliseSymbol(text: string): string {
  return text
    .trim()
    .toUpperCase()
    .replace(/^[\^_$.]+/, '');
}
