import type { Transaction } from '../../db/client.ts';
import { copyInto, copyJson, copyNumber, copyString, copyTimestamp } from '../../db/copy-text.ts';
import type { Opportunity } from '../../domain/opportunities/opportunity.ts';
import type { OpportunityChange, OpportunityChangeDraft } from '../../domain/opportunities/opportunity-change.ts';
import { reconcileChanges } from '../../domain/opportunities/reconcile-changes.ts';
import type { StreamDefinition } from '../stream-log/stream-definition.ts';
import { OPPORTUNITY_COLUMNS } from './opportunity-columns.ts';
import { saveOpportunities } from './save-opportunities.ts';

export const OPPORTUNITY_CHANGE_STREAM = 'opportunity-changes';
export const OPPORTUNITY_CHANGE_COLUMNS = 'sequence, at as "atMs", id, kind, opportunity';

/** The durable stream of changes of opportunities. The opportunities themselves are written with their changes, in the same transaction. */
export const opportunityChangeStream: StreamDefinition<OpportunityChangeDraft, OpportunityChange> = {
  name: OPPORTUNITY_CHANGE_STREAM,
  toRow: (draft, sequence, atMs) => ({ ...draft, sequence, atMs }),
  position: ({ atMs, sequence }) => ({ atMs, sequence }),
  admit: async (transaction, drafts) => reconcileChanges(drafts, await storedOf(transaction, drafts)),
  async insert(transaction, rows) {
    await copyInto(
      transaction,
      'opportunity_changes',
      'sequence, at, id, kind, filter_id, symbol, strategy, best_score, opportunity',
      linesOf(rows),
    );
    const newest = new Map(rows.map(({ opportunity }) => [opportunity.id, opportunity]));
    await saveOpportunities(transaction, [...newest.values()]);
  },
  async select(sql, { atMs, sequence }, limit) {
    const at = sql.typed.timestamptz(atMs);
    return sql<OpportunityChange[]>`
      select ${sql.unsafe(OPPORTUNITY_CHANGE_COLUMNS)} from opportunity_changes
      where at >= ${at} and (at, sequence) > (${at}, ${sequence}) order by at, sequence limit ${limit}`;
  },
};

function* linesOf(rows: readonly OpportunityChange[]): Generator<string> {
  for (const { sequence, atMs, id, kind, opportunity } of rows) {
    const { filterId, symbol, strategy, bestScore } = opportunity;
    yield `${sequence}\t${copyTimestamp(atMs)}\t${id}\t${kind}\t${filterId}\t${copyString(symbol)}\t${strategy}\t${copyNumber(bestScore)}\t${copyJson(opportunity)}\n`;
  }
}

/** The stored opportunities that have an id of the changes, and those that are there with a filter and legs of the changes. */
async function storedOf(transaction: Transaction, drafts: readonly OpportunityChangeDraft[]): Promise<readonly Opportunity[]> {
  const told = new Map(drafts.map(({ opportunity }) => [opportunity.id, opportunity]));
  const ofAll = (read: (opportunity: Opportunity) => string) => [...told.values()].map(read);
  // As one value, which the driver reads sooner than rows of seventeen columns.
  const [row] = await transaction.unsafe<{ stored: Opportunity[] | null }[]>(
    `select json_agg(opportunity) as stored from (
       select ${OPPORTUNITY_COLUMNS} from opportunities where id = any($1::uuid[])
       union all
       select ${OPPORTUNITY_COLUMNS} from opportunities
       where left_at is null and (filter_id, legs_key) in (select * from unnest($2::uuid[], $3::text[])) and id <> all($1::uuid[])
     ) as opportunity`,
    [[...told.keys()], ofAll(({ filterId }) => filterId), ofAll(({ legsKey }) => legsKey)],
  );
  return row!.stored ?? [];
}
