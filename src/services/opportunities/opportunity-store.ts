import type { Sql } from '../../db/client.ts';
import type { Opportunity } from '../../domain/opportunities/opportunity.ts';
import { type Page, pageOf } from '../paging/page.ts';
import type { PageRequest } from '../paging/page-request.ts';
import { createSqlParameters, type SqlParameters } from '../results/criteria-sql.ts';
import { opportunityConditions } from './opportunity-conditions.ts';
import type { OpportunityQuery, OpportunityState } from './opportunity-query.ts';
import { saveOpportunities } from './save-opportunities.ts';

export interface OpportunityStore {
  /** Those that have not left. */
  open(): Promise<Opportunity[]>;
  /** Notes sightings that changed nothing. */
  saveSeen(opportunities: readonly Opportunity[]): Promise<void>;
  byIds(ids: readonly string[]): Promise<Opportunity[]>;
  /** Those that entered last first; the cursor is the id of an opportunity. */
  page(query: OpportunityQuery, state: OpportunityState | null, request: PageRequest): Promise<Page<Opportunity>>;
}

const COLUMNS = `id, filter_id as "filterId", filter_revision as "filterRevision", symbol, strategy, expiration::text as expiration, expires_at as "expiresAtMs", legs,
  legs_key as "legsKey", first_seen_at as "firstSeenAtMs", last_seen_at as "lastSeenAtMs", left_at as "leftAtMs", leave_reason as "leaveReason",
  best_score as "bestScore", last_score as "lastScore", observations, latest_result_id as "latestResultId"`;

export function createOpportunityStore({ sql }: { sql: Sql }): OpportunityStore {
  // Not prepared: each combination of criteria is a text of its own.
  const select = (conditions: readonly string[], order: string, parameters: SqlParameters) =>
    sql.unsafe<Opportunity[]>(
      `select ${COLUMNS} from opportunities where ${conditions.join(' and ')} ${order}`,
      parameters.values as never[],
    );

  return {
    open: async () => select(['left_at is null'], 'order by id', createSqlParameters()),
    saveSeen: (opportunities) => saveOpportunities(sql, opportunities),
    async byIds(ids) {
      const parameters = createSqlParameters();
      return select([`id = any(${parameters.add(ids, 'uuid[]')})`], '', parameters);
    },
    async page(query, state, request) {
      const parameters = createSqlParameters();
      const forward = request.direction === 'forward';
      const conditions = opportunityConditions(query, parameters);
      if (state !== null) conditions.push(`left_at is ${state === 'ACTIVE' ? '' : 'not '}null`);
      if (request.cursor !== null) conditions.push(`id ${forward ? '<' : '>'} ${parameters.add(request.cursor, 'uuid')}`);
      const order = `order by id ${forward ? 'desc' : 'asc'} limit ${parameters.add(request.limit + 1, 'int')}`;
      return pageOf(await select(conditions, order, parameters), request);
    },
  };
}
