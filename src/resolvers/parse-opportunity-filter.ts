import { ValidationError } from '../domain/errors/validation-error.ts';
import type { OpportunityFilterShape } from '../schema/opportunity.ts';
import type { OpportunityQuery } from '../services/opportunities/opportunity-query.ts';
import { parseUuid } from './parse-uuid.ts';

const LONGEST_SYMBOL = 32;

/** @throws ValidationError */
export function parseOpportunityFilter(filter: OpportunityFilterShape | null | undefined): OpportunityQuery {
  const { filterIds, symbols, strategies, minimumScore } = filter ?? {};
  if (typeof minimumScore === 'number' && !Number.isFinite(minimumScore)) {
    throw new ValidationError([{ path: 'filter.minimumScore', message: `expected a finite number, got ${minimumScore}` }]);
  }
  for (const [index, symbol] of (symbols ?? []).entries()) {
    if (symbol === '' || symbol.length > LONGEST_SYMBOL || symbol.includes('\0')) {
      throw new ValidationError([
        {
          path: `filter.symbols.${index}`,
          message: `expected a symbol of 1 to ${LONGEST_SYMBOL} characters, got ${JSON.stringify(symbol.slice(0, 40))}`,
        },
      ]);
    }
  }
  return {
    filterIds: filterIds?.map((id, index) => parseUuid(id, `filter.filterIds.${index}`)),
    symbols: symbols?.map((symbol) => symbol.toUpperCase()),
    strategies: strategies ?? undefined,
    minimumScore: minimumScore ?? undefined,
  };
}
