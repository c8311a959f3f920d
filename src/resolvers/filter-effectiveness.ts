import { requirePermission } from '../domain/access/require-permission.ts';
import { builder } from '../schema/builder.ts';
import { FilterRef } from '../schema/filter.ts';
import { FilterEffectivenessRef } from '../schema/filter-effectiveness.ts';
import { DateTimeRangeInput } from '../schema/scan-result.ts';
import { parseDateTimeRange } from './parse-date-time-range.ts';

builder.objectFields(FilterRef, (t) => ({
  effectiveness: t.field({
    type: FilterEffectivenessRef,
    description: 'What it has found: results stored in the span and opportunities that entered in it, of whichever revision.',
    args: {
      range: t.arg({ type: DateTimeRangeInput, description: 'The span; by default the 30 days up to its end, which by default is now.' }),
    },
    resolve: ({ id }, { range }, { services, viewer }) => {
      requirePermission(viewer, 'READ_RESULTS');
      return services.filterEffectiveness.effectiveness(id, parseDateTimeRange(range, 'range'));
    },
  }),
}));
