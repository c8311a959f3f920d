import { readdirSync, readFileSync } from 'node:fs';
import { buildSchema, Kind, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { renderClientOperations } from '../../../scripts/render-client-operations.ts';
import * as operations from '../../../src/client/operations.ts';
import { resumes } from '../../../src/client/resumes.ts';

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const schemaText = read('schema.graphql');
const schema = buildSchema(schemaText);

describe('the operations of the client', () => {
  it('are what schema.graphql and operations.graphql say; otherwise run `npm run client:operations`', async () => {
    expect(read('src/client/operations.ts')).toBe(await renderClientOperations(schemaText, read('src/client/operations.graphql')));
  });

  it('are texts of one operation each, with the fragments they use', () => {
    const texts = Object.values(operations).map(String);
    expect(texts.length).toBeGreaterThan(4);
    for (const text of texts) {
      const document = parse(text);
      expect(validate(schema, document)).toEqual([]);
      expect(document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION)).toHaveLength(1);
    }
    expect(String(operations.CreateFilter)).not.toContain('fragment');
  });

  it('can be resumed where their stream is durable', () => {
    for (const document of [operations.LiveResults, operations.LiveFilterChanges]) expect(resumes(String(document), true)).toBe(true);
  });

  it('are not rendered when they are not valid', async () => {
    await expect(renderClientOperations(schemaText, 'query Q { nothing }')).rejects.toThrow('Cannot query field "nothing" on type "Query"');
  });
});

const DOCUMENTS = ['README.md', ...readdirSync(new URL('../../../docs', import.meta.url)).map((name) => `docs/${name}`)];
const OPERATIONS = DOCUMENTS.flatMap((path) =>
  [...read(path).matchAll(/```graphql\n([\s\S]*?)```/g)].map(([, text], index) => [path, index + 1, text!] as const),
);

it.each(OPERATIONS)('in %s operation %i is valid', (_path, _number, text) => {
  expect(validate(schema, parse(text))).toEqual([]);
});
