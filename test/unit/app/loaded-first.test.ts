import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../../..');
const STATIC_IMPORT = /^(?:import|export) (?!type\b)(?:[^'"]*? from )?['"]([^'"]+)['"];$/gms;

/** Sources and packages that are loaded together with a source, before anything of it runs. */
function loadedWith(entry: string): ReadonlySet<string> {
  const sources = new Set<string>();
  const packages = new Set<string>();
  const follow = (file: string) => {
    if (sources.has(file)) return;
    sources.add(file);
    for (const [, specifier] of readFileSync(file, 'utf8').matchAll(STATIC_IMPORT)) {
      if (specifier!.startsWith('.')) follow(resolve(dirname(file), specifier!));
      else packages.add(specifier!);
    }
  };
  follow(resolve(root, entry));
  return new Set([...[...sources].map((file) => relative(root, file).replaceAll('\\', '/')), ...packages]);
}

test('the database is opened before the schema, the services upon it and GraphQL are loaded', () => {
  const loaded = loadedWith('src/main.ts');

  expect(loaded).toContain('src/app/open-database.ts');
  expect(loaded).toContain('postgres');
  expect([...loaded].filter((name) => /^src\/(schema|resolvers|loaders)\/|^graphql|^@pothos\/|^src\/app\/start-/.test(name))).toEqual([]);
});

test('everything is loaded with the server', () => {
  const loaded = loadedWith('src/app/start-server.ts');

  expect(loaded).toContain('src/schema/index.ts');
  expect(loaded).toContain('@pothos/core');
});
