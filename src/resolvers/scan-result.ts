import { builder } from '../schema/builder.ts';
import { toConnection } from '../schema/connection.ts';
import {
  DateTimeRangeInput,
  ScanResultBatchRef,
  ScanResultFilterInput,
  ScanResultOrderInput,
  ScanResultRef,
} from '../schema/scan-result.ts';
import { DeliveryInput } from '../schema/stream.ts';
import { parsePageRequest } from '../services/paging/page-request.ts';
import { NEWEST_FIRST, type ScanResultQuery } from '../services/results/scan-result-query.ts';
import { scanResultCursor } from '../services/results/scan-result-store.ts';
import { hiddenFilters } from './hidden-filters.ts';
import { parseDateTimeRange } from './parse-date-time-range.ts';
import { parseResultFilter } from './parse-result-filter.ts';
import { parseSubscribeRequest } from './parse-subscribe-request.ts';
import { requestedResultColumns } from './requested-result-columns.ts';

builder.queryFields((t) => ({
  scanResults: t.connection({
    type: ScanResultRef,
    authScopes: { permission: 'READ_RESULTS' },
    description: 'Stored results, newest first unless ordered otherwise. Pages stay put while new results arrive.',
    args: {
      filter: t.arg({ type: ScanResultFilterInput, description: 'Which results.' }),
      range: t.arg({ type: DateTimeRangeInput, description: 'Only results stored in this span.' }),
      orderBy: t.arg({ type: ScanResultOrderInput, description: 'Newest first by default.' }),
    },
    resolve: async (_root, { filter, range, orderBy, ...paging }, context, info) => {
      const { services } = context;
      const order = orderBy ?? NEWEST_FIRST;
      const { fromMs, beforeMs } = parseDateTimeRange(range, 'range');
      const query: ScanResultQuery = {
        ...parseResultFilter(filter),
        ...hiddenFilters(context),
        detectedFromMs: fromMs,
        detectedBeforeMs: beforeMs,
      };
      const page = await services.results.page(query, order, parsePageRequest(paging, services.pageLimits), requestedResultColumns(info));
      return toConnection(page, (result) => scanResultCursor(result, order));
    },
  }),
  scanResult: t.field({
    type: ScanResultRef,
    authScopes: { permission: 'READ_RESULTS' },
    nullable: true,
    description: 'One stored result; null when there is none with this id.',
    args: { id: t.arg.globalID({ required: true, for: [ScanResultRef], description: 'Global id of the result.' }) },
    resolve: async (_root, { id }, { loaders, services, viewer }) => {
      const result = await loaders.scanResult.load(id.id);
      return result && !services.filterPrivacy.isHidden(result.filterId, viewer) ? result : null;
    },
  }),
}));

builder.subscriptionFields((t) => ({
  scanResults: t.field({
    type: ScanResultBatchRef,
    authScopes: { permission: 'READ_RESULTS' },
    description:
      'Results as they are stored: first the newest ones or those since a cursor, then each batch. None is left out or sent twice. Ends with NOT_FOUND when every filter it names has been made private and you may not see it.',
    args: {
      filter: t.arg({ type: ScanResultFilterInput, description: 'Which results.' }),
      after: t.arg.string({ description: 'Cursor to go on from, of an item or of a page of the query of the same name.' }),
      snapshot: t.arg.int({
        defaultValue: 0,
        description: 'How many of the newest results to begin with; of no effect together with `after`.',
      }),
      delivery: t.arg({ type: DeliveryInput, description: 'How to be served.' }),
    },
    subscribe: (_root, { filter, after, snapshot, delivery }, context) =>
      context.services.liveResults.subscribe(parseResultFilter(filter), parseSubscribeRequest({ after, snapshot, delivery }, context)),
    resolve: (batch, _arguments, context) => {
      context.loaders.renew();
      return batch;
    },
  }),
}));
