import { copyInto, copyJson, copyNumber, copyString, copyTimestamp } from '../../db/copy-text.ts';
import type { Opportunity } from '../../domain/opportunities/opportunity.ts';
import type { OpportunityChange, OpportunityChangeDraft } from '../../domain/opportunities/opportunity-change.ts';
import type { StreamDefinition } from '../stream-log/stream-definition.ts';
import { saveOpportunities } from './save-opportunities.ts';

export const OPPORTUNITY_CHANGE_COLUMNS = 'sequence, at as "atMs", id, kind, opportunity';

/** The durable stream of changes of opportunities. The opportunities themselves are written with their changes, in the same transaction. */
export const opportunityChangeStream: StreamDefinition<OpportunityChangeDraft, OpportunityChange> = {
  name: 'opportunity-changes',
  toRow: (draft, sequence, atMs) => ({ ...draft, sequence, atMs }),
  position: ({ atMs, sequence }) => ({ atMs, sequence }),
  prepare: () => {},
  async insert(transaction, rows) {
    let text = '';
    const newest = new Map<string, Opportunity>();
    for (const { sequence, atMs, id, kind, opportunity } of rows) {
      const { filterId, symbol, strategy, lastScore } = opportunity;
      text += `${sequence}\t${copyTimestamp(atMs)}\t${id}\t${kind}\t${filterId}\t${copyString(symbol)}\t${strategy}\t${copyNumber(lastScore)}\t${copyJson(opportunity)}\n`;
      newest.set(opportunity.id, opportunity);
    }
    await copyInto(
      transaction,
      'opportunity_changes',
      'sequence, at, id, kind, filter_id, symbol, strategy, last_score, opportunity',
      text,
    );
    await saveOpportunities(transaction, [...newest.values()]);
  },
  async select(sql, { atMs, sequence }, limit) {
    const at = sql.typed.timestamptz(atMs);
    return sql<OpportunityChange[]>`
      select ${sql.unsafe(OPPORTUNITY_CHANGE_COLUMNS)} from opportunity_changes
      where at >= ${at} and (at, sequence) > (${at}, ${sequence}) order by at, sequence limit ${limit}`;
  },
};
