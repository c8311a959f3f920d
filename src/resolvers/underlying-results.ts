import { builder } from '../schema/builder.ts';
import { toConnection } from '../schema/connection.ts';
import { DateTimeRangeInput, ScanResultOrderInput, ScanResultRef } from '../schema/scan-result.ts';
import { UnderlyingRef } from '../schema/underlying.ts';
import { parsePageRequest } from '../services/paging/page-request.ts';
import { NEWEST_FIRST } from '../services/results/scan-result-query.ts';
import { scanResultCursor } from '../services/results/scan-result-store.ts';
import { hiddenFilters } from './hidden-filters.ts';
import { parseDateTimeRange } from './parse-date-time-range.ts';
import { requestedResultColumns } from './requested-result-columns.ts';

builder.objectFields(UnderlyingRef, (t) => ({
  results: t.connection({
    type: ScanResultRef,
    description:
      'Stored results on it, newest first unless ordered otherwise, of filters that you may see. Pages stay put while new results arrive.',
    args: {
      range: t.arg({ type: DateTimeRangeInput, description: 'Only results stored in this span.' }),
      orderBy: t.arg({ type: ScanResultOrderInput, description: 'Newest first by default.' }),
    },
    resolve: async ({ symbol }, { range, orderBy, ...paging }, context, info) => {
      const { services } = context;
      const order = orderBy ?? NEWEST_FIRST;
      const { fromMs, beforeMs } = parseDateTimeRange(range, 'range');
      const query = {
        criteria: { symbols: { in: [symbol] } },
        ...hiddenFilters(context),
        detectedFromMs: fromMs,
        detectedBeforeMs: beforeMs,
      };
      const page = await services.results.page(query, order, parsePageRequest(paging, services.pageLimits), requestedResultColumns(info));
      return toConnection(page, (result) => scanResultCursor(result, order));
    },
  }),
}));
