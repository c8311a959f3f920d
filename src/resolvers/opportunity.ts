import { validate as isUuid } from 'uuid';
import { builder } from '../schema/builder.ts';
import { toConnection } from '../schema/connection.ts';
import { OpportunityChangeBatchRef, OpportunityChangeRef, OpportunityFilterInput, OpportunityRef } from '../schema/opportunity.ts';
import { DeliveryInput } from '../schema/stream.ts';
import { opportunityChangeCursor } from '../services/opportunities/opportunity-change-store.ts';
import { decodeKeyCursor, encodeKeyCursor } from '../services/paging/key-cursor.ts';
import { parsePageRequest } from '../services/paging/page-request.ts';
import { hiddenFilters } from './hidden-filters.ts';
import { parseOpportunityFilter } from './parse-opportunity-filter.ts';
import { parseSubscribeRequest } from './parse-subscribe-request.ts';

builder.queryFields((t) => ({
  opportunities: t.connection({
    type: OpportunityRef,
    authScopes: { permission: 'READ_RESULTS' },
    description: 'Opportunities, those that entered last first.',
    args: { filter: t.arg({ type: OpportunityFilterInput, description: 'Which opportunities.' }) },
    resolve: async (_root, { filter, ...paging }, context) => {
      const { services } = context;
      const request = parsePageRequest(paging, services.pageLimits, (cursor) => decodeKeyCursor('opportunity', cursor, isUuid));
      const page = await services.opportunities.page(
        { ...parseOpportunityFilter(filter), ...hiddenFilters(context) },
        filter?.state ?? null,
        request,
      );
      return toConnection(page, ({ id }) => encodeKeyCursor('opportunity', id));
    },
  }),
  opportunityChanges: t.connection({
    type: OpportunityChangeRef,
    authScopes: { permission: 'READ_RESULTS' },
    description: 'Changes of opportunities, in the order they were made; `last` begins with the newest.',
    args: { filter: t.arg({ type: OpportunityFilterInput, description: 'Changes of which opportunities.' }) },
    resolve: async (_root, { filter, ...paging }, context) =>
      toConnection(
        await context.services.opportunityChanges.page(
          { ...parseOpportunityFilter(filter), ...hiddenFilters(context) },
          parsePageRequest(paging, context.services.pageLimits),
        ),
        opportunityChangeCursor,
      ),
  }),
}));

builder.subscriptionFields((t) => ({
  opportunities: t.field({
    type: OpportunityChangeBatchRef,
    authScopes: { permission: 'READ_RESULTS' },
    description:
      'Opportunities that enter, change and leave, as `opportunityChanges` tells them afterwards. None is left out or sent twice. Ends with NOT_FOUND when every filter it names has been made private and you may not see it.',
    args: {
      filter: t.arg({ type: OpportunityFilterInput, description: 'Which opportunities.' }),
      after: t.arg.string({ description: 'Cursor to go on from, of an item or of a page of `opportunityChanges`.' }),
      snapshot: t.arg.int({
        defaultValue: 0,
        description: 'How many of the newest changes to begin with; of no effect together with `after`.',
      }),
      delivery: t.arg({ type: DeliveryInput, description: 'How to be served.' }),
    },
    subscribe: (_root, { filter, after, snapshot, delivery }, context) =>
      context.services.liveOpportunities.subscribe(
        parseOpportunityFilter(filter),
        parseSubscribeRequest({ after, snapshot, delivery }, context),
      ),
    resolve: (batch, _arguments, context) => {
      context.loaders.renew();
      return batch;
    },
  }),
}));
