import type { Logger } from 'pino';
import type { Sql, Transaction } from '../../db/client.ts';
import { LeaseLostError } from './lease-lost-error.ts';

export interface LeaseDeps {
  /** The work, e.g. `alerts`; the same in all processes. */
  readonly name: string;
  /** UUID of this process. */
  readonly owner: string;
  readonly sql: Sql;
  readonly log: Logger;
  /** How long the work rests at most when its process is gone without a word. It is renewed three times in this time. */
  readonly ttlMs: number;
  /**
   * Does the work until the signal fires, which it does when the lease is lost or the process stops; then it must end soon. When it fails, the lease is given
   * back, and tried again later.
   */
  readonly work: (signal: AbortSignal) => Promise<void>;
}

/**
 * Work that one process of the cluster does for all. Who holds the lease does it; when that process ends it gives the lease back, and when it dies others take over
 * `ttlMs` later. A process that hangs and does not know that it has lost the lease cannot write any more: what it writes is to be fenced with `confirm`.
 */
export interface Lease {
  start(): void;
  isHeld(): boolean;
  /** To be called in each transaction that writes something of this work. @throws LeaseLostError */
  confirm(transaction: Transaction): Promise<void>;
  /** Ends the work and gives the lease back. */
  stop(): Promise<void>;
}

export function createLease({ name, owner, sql, log, ttlMs, work }: LeaseDeps): Lease {
  const stopping = new AbortController();
  const intervalMs = ttlMs / 3;
  let holding: { readonly controller: AbortController; readonly working: Promise<void> } | null = null;
  let running: Promise<void> | null = null;

  /** Takes the lease when it is free, or renews it. Whose it is is decided by the database and its clock. */
  async function take(): Promise<boolean> {
    const { count } = await sql`
      insert into leases as lease (name, owner, until) values (${name}, ${owner}, now() + ${ttlMs} * interval '1 ms')
      on conflict (name) do update set owner = excluded.owner, until = excluded.until where lease.owner = excluded.owner or lease.until < now()`;
    return count > 0;
  }

  function begin(): void {
    const controller = new AbortController();
    log.info({ lease: name }, 'this process does the work now');
    const working = work(controller.signal)
      .catch((error: unknown) => {
        if (!controller.signal.aborted) log.error({ err: error, lease: name }, 'work of a lease failed, it is tried again');
      })
      .finally(() => {
        if (holding?.controller === controller) holding = null;
      });
    holding = { controller, working };
  }

  async function end(reason: string): Promise<void> {
    const held = holding;
    holding = null;
    held?.controller.abort(new Error(reason));
    await held?.working;
  }

  async function run(): Promise<void> {
    let renewedAtMs = performance.now();
    while (!stopping.signal.aborted) {
      try {
        const taken = await take();
        if (taken) renewedAtMs = performance.now();
        if (taken && !holding && !stopping.signal.aborted) begin();
        if (!taken && holding) {
          log.warn({ lease: name }, 'another process has taken the work over');
          await end('the lease was lost');
        }
      } catch (error) {
        log.warn({ err: error, lease: name }, 'a lease could not be renewed');
        if (holding && performance.now() - renewedAtMs > ttlMs) await end('the lease could not be renewed in time');
      }
      await pause(intervalMs, stopping.signal);
    }
    await end('the process stops');
    await sql`delete from leases where name = ${name} and owner = ${owner}`.catch((error: unknown) => {
      log.warn({ err: error, lease: name }, 'a lease could not be given back, it runs out by itself');
    });
  }

  return {
    start() {
      running ??= run();
    },
    isHeld: () => holding !== null,
    async confirm(transaction) {
      // The row stays locked until the transaction ends: nobody takes over in between.
      const { count } = await transaction`
        update leases set until = greatest(until, now() + ${ttlMs} * interval '1 ms') where name = ${name} and owner = ${owner}`;
      if (count === 0) throw new LeaseLostError(name);
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}
