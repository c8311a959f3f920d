import type { Logger } from 'pino';
import type { Filter } from '../../domain/filters/filter.ts';
import type { OpportunityChange, OpportunityChangeDraft } from '../../domain/opportunities/opportunity-change.ts';
import type { CompletedScan, OpportunityTracker } from '../../domain/opportunities/opportunity-tracker.ts';
import type { StreamFollower } from '../stream-log/stream-follower.ts';
import type { StreamWriter } from '../stream-log/stream-writer.ts';
import { createChangeQueue } from './change-queue.ts';
import type { OpportunityStore } from './opportunity-store.ts';

/** How often expirations are looked at and sightings without a change are saved. */
const UPKEEP_INTERVAL_MS = 30_000;

export interface OpportunityServiceDeps {
  readonly tracker: OpportunityTracker;
  readonly store: Pick<OpportunityStore, 'open' | 'saveSeen'>;
  readonly writer: Pick<StreamWriter<OpportunityChangeDraft>, 'accept'>;
  /** Gives this process the changes that all processes have stored. */
  readonly follower: Pick<StreamFollower<OpportunityChange>, 'follow'>;
  /** The filters in force now. */
  readonly activeFilters: () => readonly { readonly filter: Pick<Filter, 'id'> }[];
  readonly log: Logger;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** Keeps the opportunities that this process and others find. */
export interface OpportunityService {
  /** Takes over what was open before a restart; what filters no longer in force have found leaves. To be called when the follower has been started. */
  start(): Promise<void>;
  /** Waits while too many changes wait to be stored. @throws the signal's reason when given up before; they are stored all the same */
  scanned(scan: CompletedScan, signal: AbortSignal): Promise<void>;
  /** A new revision is in force, here or in another process. */
  filterChanged(filter: Pick<Filter, 'id' | 'revision' | 'enabled' | 'deletedAtMs'>): void;
  /** Hands over what waits, until the time is up, and saves sightings. */
  stop(timeoutMs: number): Promise<void>;
}

export function createOpportunityService({
  tracker,
  store,
  writer,
  follower,
  activeFilters,
  log,
  clock,
}: OpportunityServiceDeps): OpportunityService {
  const changes = createChangeQueue({ accept: writer.accept });
  let timer: NodeJS.Timeout | null = null;
  let upkeep: Promise<void> = Promise.resolve();
  let unfollow = () => {};

  async function saveSeen(): Promise<void> {
    const seen = tracker.takeSeen();
    try {
      await store.saveSeen(seen);
    } catch (error) {
      // The next sighting or change says it again.
      log.warn({ err: error, count: seen.length }, 'sightings of opportunities could not be saved');
    }
  }

  function keepUp(): void {
    changes.add(tracker.expire(clock()));
    upkeep = upkeep.then(saveSeen);
  }

  async function load(): Promise<void> {
    // What is stored while the open ones are read may or may not be among them: it is followed after that.
    const early: OpportunityChange[] = [];
    const endEarly = follower.follow((rows) => early.push(...rows));
    tracker.load(await store.open());
    endEarly();
    tracker.follow(early);
    unfollow = follower.follow(tracker.follow);
  }

  return {
    async start() {
      await load();
      const inForce = new Set(activeFilters().map(({ filter }) => filter.id));
      changes.add(tracker.filtersLoaded((filterId) => inForce.has(filterId), clock()));
      timer = setInterval(keepUp, UPKEEP_INTERVAL_MS);
    },
    scanned: (scan, signal) => changes.addAndWait(tracker.scanned(scan), signal),
    filterChanged({ id, revision, enabled, deletedAtMs }) {
      changes.add(tracker.filterChanged({ filterId: id, revision, isInForce: enabled && deletedAtMs === null }, clock()));
    },
    async stop(timeoutMs) {
      if (timer) clearInterval(timer);
      unfollow();
      await changes.stop(timeoutMs);
      await upkeep;
      await saveSeen();
    },
  };
}
