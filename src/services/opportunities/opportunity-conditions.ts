import type { SqlParameters } from '../results/criteria-sql.ts';
import type { OpportunityQuery } from './opportunity-query.ts';

/** SQL conditions on opportunities or on changes of them, which have these columns alike; never none. */
export function opportunityConditions(query: OpportunityQuery, parameters: SqlParameters): string[] {
  const conditions: string[] = ['true'];
  if (query.filterIds) conditions.push(`filter_id = any(${parameters.add(query.filterIds, 'uuid[]')})`);
  if (query.hiddenFilterIds?.length) conditions.push(`filter_id <> all(${parameters.add(query.hiddenFilterIds, 'uuid[]')})`);
  if (query.symbols) conditions.push(`symbol = any(${parameters.add(query.symbols, 'text[]')})`);
  if (query.strategies) conditions.push(`strategy = any(${parameters.add(query.strategies, 'text[]')})`);
  if (query.minimumScore !== undefined) conditions.push(`best_score >= ${parameters.add(query.minimumScore, 'float8')}`);
  return conditions;
}
