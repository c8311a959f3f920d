import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as migrateByDrizzle } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { applyMigrations } from '../../src/db/apply-migrations.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const OURS = fileURLToPath(new URL('../../drizzle', import.meta.url));

interface Entry {
  idx: number;
  version: string;
  when: number;
  tag: string;
  breakpoints: boolean;
}

let database: TestDatabase;
let client: postgres.Sql;
let folder: string;

beforeEach(async () => {
  // Has all of ours.
  database = await createTestDatabase();
  client = postgres(database.url, { max: 1, onnotice: () => {} });
  folder = mkdtempSync(join(tmpdir(), 'strikewire-migrations-'));
  cpSync(OURS, folder, { recursive: true });
});

afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await client.end();
  await database.drop();
});

function add(tag: string, text: string): void {
  const path = join(folder, 'meta/_journal.json');
  const journal = JSON.parse(readFileSync(path, 'utf8')) as { entries: Entry[] };
  const last = journal.entries.at(-1)!;
  journal.entries.push({ ...last, idx: last.idx + 1, when: last.when + 1, tag });
  writeFileSync(path, JSON.stringify(journal));
  writeFileSync(join(folder, `${tag}.sql`), text);
}

const applied = async () => client`select hash, created_at from drizzle.__drizzle_migrations order by id`;
const exists = async (table: string) => (await client`select to_regclass(${table}) is not null as is`)[0]!.is as boolean;

it('applies what is newer than the last one, once', async () => {
  const before = await applied();
  add('9000_one', 'create table one (id int);\n--> statement-breakpoint\ninsert into one values (1) -- no semicolon here');
  add('9001_two', 'insert into one values (2);');

  await applyMigrations(client, folder);
  await applyMigrations(client, folder);

  expect(await client`select id from one order by id`).toEqual([{ id: 1 }, { id: 2 }]);
  expect(await applied()).toHaveLength(before.length + 2);
});

it('applies all or none, and says what PostgreSQL refuses', async () => {
  const before = await applied();
  add('9000_one', 'create table one (id int);');
  add('9001_wrong', 'create table two (id int);\n--> statement-breakpoint\ninsert into nothing_there values (1);');
  add('9002_three', 'create table three (id int);');

  await expect(applyMigrations(client, folder)).rejects.toThrow('relation "nothing_there" does not exist');

  expect(await applied()).toEqual(before);
  expect(await Promise.all(['one', 'two', 'three'].map(exists))).toEqual([false, false, false]);
});

it('notes what it has applied as drizzle-orm does', async () => {
  add('9000_one', 'create table one (id int);');
  await applyMigrations(client, folder);
  const [ours] = (await applied()).slice(-1);
  await client`delete from drizzle.__drizzle_migrations where hash = ${ours!.hash}`;
  await client`drop table one`;

  await migrateByDrizzle(drizzle(client), { migrationsFolder: folder });

  expect((await applied()).at(-1)).toEqual(ours);
});
