import { LRUCache } from 'lru-cache';

/** What is kept for a text, parsed documents and what validation found, takes some 150 to 250 bytes for each character. */
const LARGEST_TEXT = 16_384;
const ALL_TEXTS = 262_144;
const MOST_TEXTS = 1_024;

/** Remembers something by the text of a document. Bounded by the lengths of the texts, not only by their number: otherwise long documents of no use fill the memory. */
export function createDocumentCache<T extends object>(): Pick<LRUCache<string, T>, 'get' | 'set'> {
  return new LRUCache<string, T>({
    max: MOST_TEXTS,
    maxSize: ALL_TEXTS,
    maxEntrySize: LARGEST_TEXT,
    // Characters; the empty text counts too.
    sizeCalculation: (_value, text) => text.length + 1,
  });
}
