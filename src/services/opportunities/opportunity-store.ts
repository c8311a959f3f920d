import type { Sql } from '../../db/client.ts';
import type { Opportunity } from '../../domain/opportunities/opportunity.ts';
import { type Page, pageOf } from '../paging/page.ts';
import type { PageRequest } from '../paging/page-request.ts';
import { createSqlParameters, type SqlParameters } from '../results/criteria-sql.ts';
import { OPPORTUNITY_COLUMNS } from './opportunity-columns.ts';
import { opportunityConditions } from './opportunity-conditions.ts';
import type { OpportunityQuery, OpportunityState } from './opportunity-query.ts';
import { saveSightings } from './save-sightings.ts';

export interface OpportunityStore {
  /** Those that have not left. */
  open(): Promise<Opportunity[]>;
  /** Notes sightings that changed nothing, of those that are stored and have not left. */
  saveSeen(opportunities: readonly Opportunity[]): Promise<void>;
  byIds(ids: readonly string[]): Promise<Opportunity[]>;
  /** Those that entered last first; the cursor is the id of an opportunity. */
  page(query: OpportunityQuery, state: OpportunityState | null, request: PageRequest): Promise<Page<Opportunity>>;
}

export function createOpportunityStore({ sql }: { sql: Sql }): OpportunityStore {
  // Not prepared: each combination of criteria is a text of its own.
  const select = (conditions: readonly string[], order: string, parameters: SqlParameters) =>
    sql.unsafe<Opportunity[]>(
      `select ${OPPORTUNITY_COLUMNS} from opportunities where ${conditions.join(' and ')} ${order}`,
      parameters.values as never[],
    );

  return {
    open: async () => select(['left_at is null'], 'order by id', createSqlParameters()),
    saveSeen: (opportunities) => saveSightings(sql, opportunities),
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
