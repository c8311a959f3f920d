import type { Logger } from 'pino';
import type { Filter } from '../../domain/filters/filter.ts';
import type { OpportunityChangeDraft } from '../../domain/opportunities/opportunity-change.ts';
import type { CompletedScan, OpportunityTracker } from '../../domain/opportunities/opportunity-tracker.ts';
import type { StreamWriter } from '../stream-log/stream-writer.ts';
import type { OpportunityStore } from './opportunity-store.ts';

/** How often expirations are looked at and sightings without a change are saved. */
const UPKEEP_INTERVAL_MS = 30_000;

export interface OpportunityServiceDeps {
  readonly tracker: OpportunityTracker;
  readonly store: Pick<OpportunityStore, 'open' | 'saveSeen'>;
  readonly writer: Pick<StreamWriter<OpportunityChangeDraft>, 'accept'>;
  /** The filters in force now. */
  readonly activeFilters: () => readonly { readonly filter: Pick<Filter, 'id' | 'revision'> }[];
  readonly log: Logger;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** Keeps the opportunities that this process finds. */
export interface OpportunityService {
  /** Takes over what was open before a restart; what filters have since been changed or removed leaves. */
  start(): Promise<void>;
  /** Waits while too many changes wait to be stored. @throws the signal's reason when given up before; then they are stored with the next */
  scanned(scan: CompletedScan, signal: AbortSignal): Promise<void>;
  /** A new revision is in force, here or in another process. */
  filterChanged(filter: Pick<Filter, 'id' | 'revision' | 'enabled' | 'deletedAtMs'>): void;
  stop(): Promise<void>;
}

export function createOpportunityService({
  tracker,
  store,
  writer,
  activeFilters,
  log,
  clock,
}: OpportunityServiceDeps): OpportunityService {
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | null = null;
  let upkeep: Promise<void> = Promise.resolve();
  /** Decided and not taken over by the writer yet, in order. */
  let waiting: OpportunityChangeDraft[] = [];

  async function handOver(signal: AbortSignal): Promise<void> {
    const drafts = waiting;
    waiting = [];
    try {
      await writer.accept(drafts, signal);
    } catch (error) {
      waiting = [...drafts, ...waiting];
      throw error;
    }
  }

  function storeSoon(changes: readonly OpportunityChangeDraft[]): void {
    if (changes.length === 0) return;
    waiting.push(...changes);
    handOver(stopping.signal).catch((error: unknown) => {
      if (!stopping.signal.aborted) log.error({ err: error }, 'changes of opportunities could not be handed over for storage');
    });
  }

  async function keepUp(): Promise<void> {
    storeSoon(tracker.expire(clock()));
    const seen = tracker.takeSeen();
    try {
      await store.saveSeen(seen);
    } catch (error) {
      // The next sighting or change says it again.
      log.warn({ err: error, count: seen.length }, 'sightings of opportunities could not be saved');
    }
  }

  return {
    async start() {
      tracker.load(await store.open());
      const revisions = new Map(activeFilters().map(({ filter }) => [filter.id, filter.revision]));
      storeSoon(tracker.filtersChanged((filterId) => revisions.get(filterId) ?? null, clock()));
      timer = setInterval(() => {
        upkeep = upkeep.then(keepUp);
      }, UPKEEP_INTERVAL_MS);
    },
    async scanned(scan, signal) {
      waiting.push(...tracker.scanned(scan));
      if (waiting.length > 0) await handOver(signal);
    },
    filterChanged({ id, revision, enabled, deletedAtMs }) {
      const inForce = enabled && deletedAtMs === null ? revision : null;
      storeSoon(tracker.filterChanged(id, inForce, clock()));
    },
    async stop() {
      if (timer) clearInterval(timer);
      upkeep = upkeep.then(keepUp);
      await upkeep;
      stopping.abort(new Error('the server stops'));
    },
  };
}
