import type { Sql } from './client.ts';

/**
 * Rows of a long answer, some at a time: PostgreSQL sends the next ones when these have been taken, so that what is parsed in one go is short. All of them are as of one moment.
 *
 * @param rowsAtOnce ≥ 1
 * @param take gets rows as arrays of values; the next ones wait for it
 */
export async function readInPieces(
  sql: Pick<Sql, 'unsafe'>,
  text: string,
  parameters: readonly unknown[],
  rowsAtOnce: number,
  take: (rows: readonly (readonly unknown[])[]) => Promise<void>,
): Promise<void> {
  const query = sql.unsafe(text, parameters as never[]);
  query.values();
  let taking: Promise<void> = Promise.resolve();
  await query.cursor(rowsAtOnce, (rows) => {
    taking = taking.then(() => take(rows as unknown as readonly (readonly unknown[])[]));
    // The driver waits for it, but not for the last one.
    taking.catch(() => {});
    return taking as never;
  });
  await taking;
}
