import { describe, expect, it } from 'vitest';
import { createPersistedDocuments } from '../../../../src/server/limits/persisted-documents.ts';

const HASH = 'a1'.repeat(32);
const KNOWN = '{ scanner { state } }';
const OTHER = '{ viewer { subject } }';
const byHash = (sha256Hash: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } });

describe.each([
  ['an allow-list beside other documents', false],
  ['an allow-list and nothing else', true],
])('%s', (_what, isOnly) => {
  const { resolve } = createPersistedDocuments({ documents: new Map([[HASH, KNOWN]]), isOnly });

  it('finds documents by hash, in either way of asking', () => {
    expect(resolve(byHash(HASH.toUpperCase()))).toBe(KNOWN);
    expect(resolve({ query: '', ...byHash(HASH) })).toBe(KNOWN);
    expect(resolve({ documentId: `sha256:${HASH}` })).toBe(KNOWN);
    expect(resolve({ documentId: HASH })).toBe(KNOWN);
  });

  it('refuses hashes it does not know', () => {
    const unknown = byHash('00'.repeat(32));
    const notFound = expect.objectContaining({ extensions: expect.objectContaining({ code: 'PERSISTED_QUERY_NOT_FOUND' }) });
    expect(() => resolve(unknown)).toThrowError(notFound);
  });

  it('answers a text that is in it', () => {
    expect(resolve({ query: KNOWN })).toBe(KNOWN);
  });

  it('leaves requests without a document to those who refuse them', () => {
    expect(resolve({})).toBeUndefined();
    expect(resolve({ query: null, extensions: { persistedQuery: 7 } })).toBeUndefined();
  });
});

it('keeps no document that comes with its hash', () => {
  const { resolve } = createPersistedDocuments({ documents: new Map(), isOnly: false });
  expect(resolve({ query: OTHER, ...byHash(HASH) })).toBe(OTHER);
  expect(() => resolve(byHash(HASH))).toThrowError(
    expect.objectContaining({ extensions: expect.objectContaining({ code: 'PERSISTED_QUERY_NOT_FOUND' }) }),
  );
});

it('refuses other texts where nothing else is answered', () => {
  const { resolve } = createPersistedDocuments({ documents: new Map([[HASH, KNOWN]]), isOnly: true });
  for (const query of [OTHER, ` ${KNOWN}`]) {
    expect(() => resolve({ query, ...byHash(HASH) })).toThrowError(
      expect.objectContaining({ extensions: expect.objectContaining({ code: 'PERSISTED_QUERY_ONLY' }) }),
    );
  }
});
