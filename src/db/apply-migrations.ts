import { readMigrationFiles } from 'drizzle-orm/migrator';
import type postgres from 'postgres';

/** Where drizzle-orm notes what has been applied: its own migrator, and databases of earlier versions, go by the same table. */
const NOTES = 'drizzle.__drizzle_migrations';
const CREATE_NOTES = `
  create schema if not exists drizzle;
  create table if not exists ${NOTES} (id serial primary key, hash text not null, created_at bigint)`;

/**
 * Applies the migrations of a folder that are newer than the last one applied, all or none. A file goes to the server as a whole and none waits for the one before:
 * drizzle-orm would wait for each of some two hundred statements, while this process loads and has hardly a moment for it.
 */
export async function applyMigrations(client: postgres.Sql, migrationsFolder: string): Promise<void> {
  await client.unsafe(CREATE_NOTES);
  const [last] = await client.unsafe<{ created_at: string }[]>(`select created_at from ${NOTES} order by created_at desc limit 1`);
  const migrations = readMigrationFiles({ migrationsFolder });
  const pending = last ? migrations.filter(({ folderMillis }) => folderMillis > Number(last.created_at)) : migrations;
  if (pending.length === 0) return;
  await client.begin((transaction) =>
    pending.map(({ sql, hash, folderMillis }) =>
      transaction.unsafe([...sql, `insert into ${NOTES} (hash, created_at) values ('${hash}', ${folderMillis})`].join('\n;\n')),
    ),
  );
}
