import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { schema } from '../src/schema/index.ts';

/** Writes schema.graphql, or with --check fails when it is not what the code says. */
const file = fileURLToPath(new URL('../schema.graphql', import.meta.url));
const text = `${printSchema(lexicographicSortSchema(schema))}\n`;

if (!process.argv.includes('--check')) {
  writeFileSync(file, text);
} else if (readFileSync(file, 'utf8') !== text) {
  process.stderr.write('schema.graphql is not what the code says: run `npm run schema` and look at the difference\n');
  process.exitCode = 1;
}
