/**
 * Turns the bytes of a field into a value once per distinct content: columns like the expiration say the same few things on thousands of
 * lines. Looks at the last answer first, then in a hash table; makes a string only for content it has not seen.
 */
export type FieldInterner<T> = (start: number, end: number) => T;

interface Entry<T> {
  readonly start: number;
  readonly length: number;
  readonly value: T;
  readonly next: Entry<T> | undefined;
}

export function createFieldInterner<T>(bytes: Uint8Array, convert: (text: string) => T): FieldInterner<T> {
  const entries = new Map<number, Entry<T>>();
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let last: Entry<T> | undefined;

  function says(entry: Entry<T>, start: number, length: number): boolean {
    if (entry.length !== length) return false;
    for (let i = length - 1; i >= 0; i--) if (bytes[entry.start + i] !== bytes[start + i]) return false;
    return true;
  }

  return (start, end) => {
    const length = end - start;
    if (last !== undefined && says(last, start, length)) return last.value;
    let hash = length;
    for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + bytes[i]!) | 0;
    const first = entries.get(hash);
    let entry = first;
    while (entry !== undefined && !says(entry, start, length)) entry = entry.next;
    if (entry === undefined) {
      entry = { start, length, value: convert(buffer.toString('utf8', start, end)), next: first };
      entries.set(hash, entry);
    }
    last = entry;
    return entry.value;
  };
}
