import PgBoss from 'pg-boss';
import type { Logger } from 'pino';
import type { Transaction } from '../../db/client.ts';
import { jobDatabaseOf, openJobDatabase } from './job-database.ts';

export interface Job<Data> {
  readonly id: string;
  readonly data: Data;
}

export interface NewJob<Data> {
  readonly data: Data;
  /** Not to be fetched earlier; epoch milliseconds. Default: at once. */
  readonly startAtMs?: number;
}

/** Jobs are rows in PostgreSQL, kept by pg-boss: they survive a crash, and each is done by one of all processes. */
export interface JobQueue<Data> {
  /** Stored with what else the transaction stores, or not at all. */
  add(transaction: Transaction, jobs: readonly NewJob<Data>[]): Promise<void>;
  /** Jobs that are due; nobody else gets them until their time is up. None also when PostgreSQL cannot be asked. */
  fetch(limit: number): Promise<readonly Job<Data>[]>;
  complete(ids: readonly string[]): Promise<void>;
}

export interface Jobs {
  /** Makes the queue if there is none. @param leaseMs a job that is not completed within this time is given to somebody else */
  queue<Data extends object>(name: string, leaseMs: number): Promise<JobQueue<Data>>;
  stop(): Promise<void>;
}

export interface JobsDeps {
  readonly url: string;
  readonly log: Logger;
  /** How often jobs whose time is up are given back, in milliseconds, ≥ 1,000; by one process at a time. */
  readonly maintenanceIntervalMs: number;
}

const SCHEMA = 'jobs';
/** Names an advisory lock of PostgreSQL; any number that nothing else of the product uses. */
const SETUP_LOCK = 7_406_001;
/** Jobs are tried until they are done: what gives up, and when, is decided by those who do them. */
const RETRIES = 1_000_000;
const KEPT_COMPLETED_SECONDS = 600;
const KEPT_ARCHIVED_HOURS = 24;

/** Brings the library's tables, in a schema of their own, to its newest version. Only its storage is used: its workers complete jobs without looking whether that fails. */
export async function startJobs({ url, log, maintenanceIntervalMs }: JobsDeps): Promise<Jobs> {
  const database = openJobDatabase(url, 'strikewire jobs');
  const boss = new PgBoss({
    db: database,
    schema: SCHEMA,
    schedule: false,
    maintenanceIntervalSeconds: Math.max(1, Math.round(maintenanceIntervalMs / 1_000)),
    archiveCompletedAfterSeconds: KEPT_COMPLETED_SECONDS,
    deleteAfterHours: KEPT_ARCHIVED_HOURS,
  });
  boss.on('error', (error) => log.warn({ err: error }, 'jobs cannot be looked after'));

  /** Of processes that start together one makes tables at a time: the library's statements would wait for each other in a circle. */
  async function alone(work: () => Promise<void>): Promise<void> {
    await database.executeSql('select pg_advisory_lock($1)', [SETUP_LOCK]);
    try {
      await work();
    } catch (error) {
      // The library's scripts are transactions; one that has failed leaves its own open.
      await database.executeSql('rollback');
      throw error;
    } finally {
      await database.executeSql('select pg_advisory_unlock($1)', [SETUP_LOCK]);
    }
  }

  try {
    await alone(async () => void (await boss.start()));
  } catch (error) {
    await database.close();
    throw error;
  }

  return {
    async queue<Data extends object>(name: string, leaseMs: number) {
      const options = { name, retryLimit: RETRIES, retryDelay: 0, expireInSeconds: Math.max(1, Math.ceil(leaseMs / 1_000)) };
      await alone(async () => {
        await boss.createQueue(name, options);
        // The lease may have been another one when the queue was made.
        await boss.updateQueue(name, options);
      });
      return {
        async add(transaction, jobs) {
          const inserted = jobs.map(({ data, startAtMs }) => ({
            name,
            data,
            ...(startAtMs !== undefined && { startAfter: new Date(startAtMs).toISOString() }),
          }));
          if (inserted.length > 0) await boss.insert(inserted, { db: jobDatabaseOf(transaction) as PgBoss.Db });
        },
        fetch: (limit) => boss.fetch<Data>(name, { batchSize: limit }),
        async complete(ids) {
          if (ids.length > 0) await boss.complete(name, [...ids]);
        },
      } satisfies JobQueue<Data>;
    },
    async stop() {
      await boss.stop({ graceful: false, close: false });
      await database.close();
    },
  };
}
