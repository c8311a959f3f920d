import postgres from 'postgres';
import { expect, it } from 'vitest';
import { createTestDatabase } from './test-database.ts';

function connect(url: string, name: string): postgres.Sql {
  return postgres(url, { max: 1, onnotice: () => {}, connection: { application_name: name } });
}

it('gives each its own database with the newest schema', async () => {
  const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  const [first, second] = [connect(one.url, 'first'), connect(other.url, 'second')];
  await first`create table only_here (id int)`;
  const tables = await second<{ name: string }[]>`select table_name as name from information_schema.tables where table_schema = 'public'`;
  await Promise.all([first.end(), second.end()]);
  await Promise.all([one.drop(), other.drop()]);
  expect(tables.map(({ name }) => name)).toContain('scan_results');
  expect(tables.map(({ name }) => name)).not.toContain('only_here');
});

it('names the connections that were left open, and is dropped nevertheless', async () => {
  const database = await createTestDatabase({ goodbyeMs: 100 });
  const leaking = connect(database.url, 'leaking-part');
  await leaking`select 'the last statement'`;
  await expect(database.drop()).rejects.toThrow(/got 1;[\s\S]*- leaking-part \(idle\): select 'the last statement'/);
  await leaking.end({ timeout: 0 });
  await expect(connect(database.url, 'late')`select 1`).rejects.toThrow('does not exist');
});
