import { opportunityKey } from '../../domain/opportunities/opportunity.ts';
import type { OpportunityChange } from '../../domain/opportunities/opportunity-change.ts';
import { opportunityChangeStream } from '../opportunities/opportunity-change-stream.ts';
import type { OpportunityQuery } from '../opportunities/opportunity-query.ts';
import type { StreamHistory } from '../stream-log/stream-history.ts';
import { type FilterPrivacy, visibilityByFilter } from './row-visibility.ts';
import type { StreamSubject } from './stream-channel.ts';

/** Changes of opportunities as something to subscribe to. */
export function opportunityChangeSubject(
  history: StreamHistory<OpportunityChange, OpportunityQuery>,
  privacy: FilterPrivacy,
): StreamSubject<OpportunityChange, OpportunityQuery> {
  return {
    name: opportunityChangeStream.name,
    positionOf: opportunityChangeStream.position,
    keyOf: (change) => opportunityKey(change.opportunity),
    textOf: (query) => JSON.stringify(query),
    matcher: opportunityMatcher,
    columns: [
      ({ opportunity }) => opportunity.filterId,
      ({ opportunity }) => opportunity.symbol,
      ({ opportunity }) => opportunity.strategy,
    ],
    admissible: ({ filterIds, symbols, strategies }) => [filterIds ?? null, symbols ?? null, strategies ?? null],
    history,
    visibility: visibilityByFilter(privacy, ({ opportunity }) => opportunity.filterId),
  };
}

/** The same decision as the SQL of the history. */
function opportunityMatcher({ filterIds, symbols, strategies, minimumScore }: OpportunityQuery): (change: OpportunityChange) => boolean {
  return ({ opportunity }) =>
    (filterIds?.includes(opportunity.filterId) ?? true) &&
    (symbols?.includes(opportunity.symbol) ?? true) &&
    (strategies?.includes(opportunity.strategy) ?? true) &&
    (minimumScore === undefined || opportunity.bestScore >= minimumScore);
}
