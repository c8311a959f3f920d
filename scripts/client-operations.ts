/** Writes src/client/operations.ts: the operations of operations.graphql as texts with types, made from schema.graphql. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { renderClientOperations } from './render-client-operations.ts';

const file = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const read = (path: string) => readFileSync(file(path), 'utf8');

writeFileSync(
  file('src/client/operations.ts'),
  await renderClientOperations(read('schema.graphql'), read('src/client/operations.graphql')),
);
