import { createFilterChangeStore } from '../services/filters/filter-change-store.ts';
import { filterChangeStream } from '../services/filters/filter-change-stream.ts';
import { filtersKnown } from '../services/filters/filters-known.ts';
import { createOpportunityChangeStore } from '../services/opportunities/opportunity-change-store.ts';
import { opportunityChangeStream } from '../services/opportunities/opportunity-change-stream.ts';
import { oneQuestionAtATime } from '../services/results/one-question-at-a-time.ts';
import { createRecentResults } from '../services/results/recent-results.ts';
import { createRecentResultsMetrics } from '../services/results/recent-results-metrics.ts';
import { createScanResultHistory } from '../services/results/scan-result-history.ts';
import { scanResultStream } from '../services/results/scan-result-stream.ts';
import { createStreamLog } from '../services/stream-log/stream-log.ts';
import { filterChangeSubject } from '../services/subscriptions/filter-change-subject.ts';
import { hiddenFilterError } from '../services/subscriptions/hidden-filter-error.ts';
import { opportunityChangeSubject } from '../services/subscriptions/opportunity-change-subject.ts';
import { scanResultSubject } from '../services/subscriptions/scan-result-subject.ts';
import { createStatusChannel } from '../services/subscriptions/status-channel.ts';
import { createStreamChannel } from '../services/subscriptions/stream-channel.ts';
import type { Records } from './start-records.ts';
import type { Scanning } from './start-scanning.ts';
import type { Storage } from './start-storage.ts';
import type { Wiring } from './wiring.ts';

const STATUS_INTERVAL_MS = 500;

export type LiveDelivery = Awaited<ReturnType<typeof startLiveDelivery>>;

/** What can be subscribed to. */
export async function startLiveDelivery(
  { config, deps, lifecycle, registry, component }: Wiring,
  { database, streamLog, follow }: Storage,
  { filters, filterRegistry, filterFollower, opportunityFollower, results }: Records,
  { scanner }: Scanning,
) {
  const { clock, now } = deps;
  const { sql } = database;
  const resultFollower = follow(
    scanResultStream,
    filtersKnown({ registry: filterRegistry, store: filters }, (result) => result),
  );
  await resultFollower.start();
  lifecycle.onStop('result follower', resultFollower.stop);
  // On the connections of queries, and within what they are granted.
  const { head } = createStreamLog({ sql });
  const recentResults = createRecentResults({
    store: results,
    follower: resultFollower,
    headSequence: oneQuestionAtATime(async () => (await head(scanResultStream.name)).sequence),
    capacity: config.graphql.recentResults,
    clock,
    metrics: createRecentResultsMetrics(registry),
    log: component('results'),
  });
  if (config.graphql.recentResults > 0) recentResults.start();
  lifecycle.onStop('recent results', recentResults.stop);
  const liveResults = createStreamChannel({
    subject: scanResultSubject(createScanResultHistory({ sql }), filterRegistry),
    follower: resultFollower,
    head: () => streamLog.head(scanResultStream.name),
    now,
    replayLimit: config.graphql.replayLimit,
  });
  const opportunityChanges = createOpportunityChangeStore({ sql });
  const liveOpportunities = createStreamChannel({
    subject: opportunityChangeSubject(opportunityChanges, filterRegistry),
    follower: opportunityFollower,
    head: () => streamLog.head(opportunityChangeStream.name),
    now,
    replayLimit: config.graphql.replayLimit,
  });
  const filterChanges = createFilterChangeStore({ sql });
  const liveFilterChanges = createStreamChannel({
    subject: filterChangeSubject(filterChanges, filterRegistry),
    follower: filterFollower,
    head: () => streamLog.head(filterChangeStream.name),
    now,
    replayLimit: config.graphql.replayLimit,
  });
  const hiddenFilters = hiddenFilterError(filterRegistry);
  filterFollower.follow((changes) => {
    if (!changes.some(({ filter }) => filter.visibility === 'PRIVATE')) return;
    liveResults.endWhere(hiddenFilters);
    liveOpportunities.endWhere(hiddenFilters);
  });
  const liveScanner = createStatusChannel({ name: 'scanner', read: scanner.status, intervalMs: STATUS_INTERVAL_MS });
  const subscribers = () =>
    liveResults.subscribers() + liveOpportunities.subscribers() + liveFilterChanges.subscribers() + liveScanner.subscribers();
  return {
    resultFollower,
    recentResults,
    filterChanges,
    opportunityChanges,
    liveResults,
    liveOpportunities,
    liveFilterChanges,
    liveScanner,
    subscribers,
    /** Completes every subscription. */
    stop() {
      liveResults.stop();
      liveFilterChanges.stop();
      liveOpportunities.stop();
      liveScanner.stop();
    },
  };
}
