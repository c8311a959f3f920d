import { builder } from './builder.ts';
import { DateTimeRangeInput } from './scan-result.ts';

/** Of fields that tell of a span of the past. */
export const HISTORY_RANGE_ARGUMENTS = builder.args((t) => ({
  range: t.field({
    type: DateTimeRangeInput,
    required: true,
    description: 'When, by market time. `from` is needed; `before` left out: now.',
  }),
}));
