import { builder } from '../schema/builder.ts';
import { costOfWork } from '../schema/cost-of-work.ts';
import { OpportunityFilterInput } from '../schema/opportunity.ts';
import { DateTimeRangeInput } from '../schema/scan-result.ts';
import { ScoreCalibrationRef } from '../schema/score-calibration.ts';
import { hiddenFilters } from './hidden-filters.ts';
import { parseDateTimeRange } from './parse-date-time-range.ts';
import { parseOpportunityFilter } from './parse-opportunity-filter.ts';

builder.queryFields((t) => ({
  scoreCalibration: t.field({
    type: ScoreCalibrationRef,
    authScopes: { permission: 'READ_RESULTS' },
    description: 'What was predicted of opportunities when they entered, against what became of them at expiration.',
    extensions: costOfWork(2_500),
    args: {
      range: t.arg({
        type: DateTimeRangeInput,
        description: 'Opportunities that entered in this span; by default the 90 days up to its end, which by default is now.',
      }),
      filter: t.arg({ type: OpportunityFilterInput, description: 'Which opportunities; `state` is of no effect.' }),
    },
    resolve: (_root, { range, filter }, context) =>
      context.services.scoreCalibrations.calibration(
        { ...parseOpportunityFilter(filter), ...hiddenFilters(context) },
        parseDateTimeRange(range, 'range'),
      ),
  }),
}));
