import postgres from 'postgres';
import type { Transaction } from '../../db/client.ts';

/** What the job library asks a database: its statements are its own. */
export interface JobDatabase {
  executeSql(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
}

const OID_JSON = 114;
const OID_JSONB = 3802;
const LONGEST_RECONNECT_SECONDS = 1;

/** One connection for the library alone. With the driver of the rest of the product, so that every address the product takes is taken here. */
export function openJobDatabase(url: string, applicationName: string): JobDatabase & { close(): Promise<void> } {
  const sql = postgres(url, {
    // With one connection the driver allows the library's own BEGIN and COMMIT.
    max: 1,
    connect_timeout: 10,
    idle_timeout: 60,
    backoff: (attempt: number) => Math.min(LONGEST_RECONNECT_SECONDS, 0.1 * 2 ** attempt),
    onnotice: () => {},
    connection: { application_name: applicationName, TimeZone: 'UTC' },
    types: {
      json: {
        to: OID_JSON,
        from: [OID_JSON, OID_JSONB],
        // The library has made some of its values JSON texts already.
        serialize: (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value)),
        parse: (text: string) => JSON.parse(text) as unknown,
      },
    },
  });
  return {
    executeSql: async (text, values) => ({ rows: [...(await sql.unsafe(text, (values ?? []).map((value) => value ?? null) as never[]))] }),
    close: () => sql.end({ timeout: 1 }),
  };
}

/** The library's statements inside of a transaction of ours. Its JSON texts become values again: our clients write values as JSON. */
export function jobDatabaseOf(transaction: Transaction): JobDatabase {
  return {
    executeSql: async (text, [jobs, ...values] = []) => ({
      rows: [...(await transaction.unsafe(text, [JSON.parse(jobs as string), ...values.map((value) => value ?? null)] as never[]))],
    }),
  };
}
