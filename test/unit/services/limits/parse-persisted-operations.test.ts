import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { parsePersistedOperations } from '../../../../src/services/limits/parse-persisted-operations.ts';

const DOCUMENT = '{ scanner { state } }';
const HASH = createHash('sha256').update(DOCUMENT).digest('hex');

it('reads lists of documents, and documents by their hash, with or without the name of the algorithm', () => {
  const expected = new Map([[HASH, DOCUMENT]]);
  for (const content of [[DOCUMENT], { [HASH]: DOCUMENT }, { [`sha256:${HASH.toUpperCase()}`]: DOCUMENT }]) {
    expect(parsePersistedOperations(JSON.stringify(content))).toEqual(expected);
  }
});

it('tells everything that is wrong', () => {
  expect(() => parsePersistedOperations('{')).toThrowError(/expected JSON/);
  expect(() => parsePersistedOperations('7')).toThrowError(/expected a list of documents/);
  expect(() => parsePersistedOperations(JSON.stringify({ aa: DOCUMENT, bb: '{', cc: 7 }))).toThrowError(
    expect.objectContaining({
      issues: [
        { path: 'aa', message: expect.stringContaining(HASH) },
        { path: 'bb', message: expect.stringContaining('expected a GraphQL document') },
        { path: 'cc', message: 'expected the text of a document' },
      ],
    }),
  );
});
