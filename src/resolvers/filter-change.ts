import { builder } from '../schema/builder.ts';
import { toConnection } from '../schema/connection.ts';
import { FilterChangeBatchRef, FilterChangeRef } from '../schema/filter-change.ts';
import { DeliveryInput } from '../schema/stream.ts';
import { filterChangeCursor } from '../services/filters/filter-change-store.ts';
import { parsePageRequest } from '../services/paging/page-request.ts';
import { hiddenFilters } from './hidden-filters.ts';
import { parseSubscribeRequest } from './parse-subscribe-request.ts';

builder.queryFields((t) => ({
  filterChanges: t.connection({
    type: FilterChangeRef,
    authScopes: { permission: 'READ_FILTERS' },
    description: 'Changes of filters, in the order they were made; `last` begins with the newest.',
    resolve: async (_root, paging, context) =>
      toConnection(
        await context.services.filterChanges.page(hiddenFilters(context), parsePageRequest(paging, context.services.pageLimits)),
        filterChangeCursor,
      ),
  }),
}));

builder.subscriptionFields((t) => ({
  filterChanges: t.field({
    type: FilterChangeBatchRef,
    authScopes: { permission: 'READ_FILTERS' },
    description: 'Changes of filters as they are made, by whichever process. None is left out or sent twice.',
    args: {
      after: t.arg.string({ description: 'Cursor to go on from, of an item or of a page of the query of the same name.' }),
      delivery: t.arg({ type: DeliveryInput, description: 'How to be served.' }),
    },
    subscribe: (_root, { after, delivery }, context) =>
      context.services.liveFilterChanges.subscribe({}, parseSubscribeRequest({ after, delivery }, context)),
    resolve: (batch, _arguments, context) => {
      context.loaders.renew();
      return batch;
    },
  }),
}));
