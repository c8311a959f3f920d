import type { Sql } from '../../db/client.ts';
import type { OpportunityChange } from '../../domain/opportunities/opportunity-change.ts';
import { type Page, pageOf } from '../paging/page.ts';
import type { PageRequest } from '../paging/page-request.ts';
import { createSqlParameters, type SqlParameters } from '../results/criteria-sql.ts';
import { decodePosition, encodePosition } from '../stream-log/cursor.ts';
import type { StreamHistory } from '../stream-log/stream-history.ts';
import type { StreamPosition } from '../stream-log/stream-position.ts';
import { OPPORTUNITY_CHANGE_COLUMNS, OPPORTUNITY_CHANGE_STREAM } from './opportunity-change-stream.ts';
import { opportunityConditions } from './opportunity-conditions.ts';
import type { OpportunityQuery } from './opportunity-query.ts';

/** The changes made so far. */
export interface OpportunityChangeStore extends StreamHistory<OpportunityChange, OpportunityQuery> {
  /** In the order they were made. @throws MalformedCursorError when the cursor is none of a stream position */
  page(query: OpportunityQuery, request: PageRequest): Promise<Page<OpportunityChange>>;
}

export function createOpportunityChangeStore({ sql }: { sql: Sql }): OpportunityChangeStore {
  const select = (conditions: readonly string[], order: string, parameters: SqlParameters) =>
    sql.unsafe<OpportunityChange[]>(
      `select ${OPPORTUNITY_CHANGE_COLUMNS} from opportunity_changes where ${conditions.join(' and ')} ${order}`,
      parameters.values as never[],
    );

  return {
    async between(query, after, until, limit) {
      const parameters = createSqlParameters();
      const conditions = [...opportunityConditions(query, parameters), compare('>', after, parameters), compare('<=', until, parameters)];
      return select(conditions, `order by at, sequence limit ${parameters.add(limit, 'int')}`, parameters);
    },
    async newest(query, until, limit) {
      const parameters = createSqlParameters();
      const conditions = [...opportunityConditions(query, parameters), compare('<=', until, parameters)];
      const rows = await select(conditions, `order by at desc, sequence desc limit ${parameters.add(limit, 'int')}`, parameters);
      return rows.toReversed();
    },
    async count(query, after, until, limit) {
      const parameters = createSqlParameters();
      const conditions = [...opportunityConditions(query, parameters), compare('>', after, parameters), compare('<=', until, parameters)];
      const text = `select count(*) as count from (select 1 from opportunity_changes where ${conditions.join(' and ')} limit ${parameters.add(limit, 'int')}) as counted`;
      const [row] = await sql.unsafe<{ count: number }[]>(text, parameters.values as never[]);
      return row!.count;
    },
    async page(query, request) {
      const parameters = createSqlParameters();
      const forward = request.direction === 'forward';
      const conditions = opportunityConditions(query, parameters);
      if (request.cursor !== null)
        conditions.push(compare(forward ? '>' : '<', decodePosition(OPPORTUNITY_CHANGE_STREAM, request.cursor), parameters));
      const direction = forward ? '' : 'desc';
      const order = `order by at ${direction}, sequence ${direction} limit ${parameters.add(request.limit + 1, 'int')}`;
      return pageOf(await select(conditions, order, parameters), request);
    },
  };
}

/** The bare comparison of the time besides the pair is what partitions are chosen by. */
function compare(operator: '>' | '<' | '<=', { atMs, sequence }: StreamPosition, parameters: SqlParameters): string {
  const at = parameters.add(new Date(atMs), 'timestamptz');
  return `at ${operator === '>' ? '>=' : '<='} ${at} and (at, sequence) ${operator} (${at}, ${parameters.add(sequence, 'bigint')})`;
}

/** The cursor of a change; the same in pages and subscriptions. */
export function opportunityChangeCursor({ atMs, sequence }: OpportunityChange): string {
  return encodePosition(OPPORTUNITY_CHANGE_STREAM, { atMs, sequence });
}
