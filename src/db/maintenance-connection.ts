import postgres from 'postgres';
import type { Sql } from './client.ts';
import { NUMBER_TYPES } from './number-types.ts';

export interface MaintenanceConnection {
  readonly sql: Sql;
  /** What runs is given five seconds, then cut, which rolls it back. */
  close(): Promise<void>;
  /** Cuts at once. */
  cut(): void;
}

/** One connection for work on the database itself: it may take longer than any statement of a client, and must take none of theirs. */
export function openMaintenanceConnection(url: string, purpose: string): MaintenanceConnection {
  const sql = postgres(url, {
    max: 1,
    connect_timeout: 10,
    onnotice: () => {},
    connection: { application_name: `strikewire ${purpose}`, statement_timeout: 0, TimeZone: 'UTC' },
    types: NUMBER_TYPES,
  });
  return {
    sql,
    close: () => sql.end({ timeout: 5 }),
    cut: () => void sql.end({ timeout: 0 }),
  };
}
