import postgres from 'postgres';

export interface HeldLock {
  release(): Promise<void>;
}

/** Runs a statement that takes a lock in a transaction that stays open, e.g. `lock table filters in access exclusive mode`. */
export async function holdLock(url: string, statement: string): Promise<HeldLock> {
  const sql = postgres(url, { max: 1, onnotice: () => {}, connection: { application_name: 'test-lock' } });
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const taken = new Promise<void>((resolve, reject) => {
    sql
      .begin(async (transaction) => {
        await transaction.unsafe(statement);
        resolve();
        await released;
      })
      .catch(reject);
  });
  await taken;
  return {
    async release() {
      release();
      await sql.end();
    },
  };
}
