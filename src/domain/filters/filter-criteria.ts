import type { MetricName } from '../candidates/metric.ts';
import type { StrategyId } from '../strategies/strategy-id.ts';

/** Bounds are inclusive. A metric that is unknown never lies in a range; `isNull` asks for known (false) or unknown (true) values instead. */
export interface MetricRange {
  readonly min?: number;
  readonly max?: number;
  readonly isNull?: boolean;
}

export interface SetCriterion<T> {
  readonly in?: readonly T[];
  readonly notIn?: readonly T[];
}

/** Inclusive calendar dates, `YYYY-MM-DD`. */
export interface DateRange {
  readonly min?: string;
  readonly max?: string;
}

/**
 * What a candidate must be like: every stated part holds, every group in `all` holds, at least one in `any` (when there are some), none in `none`.
 * Nothing stated matches everything.
 */
export interface FilterCriteria {
  readonly symbols?: SetCriterion<string>;
  readonly strategies?: SetCriterion<StrategyId>;
  readonly expiration?: DateRange;
  readonly metrics?: Readonly<Partial<Record<MetricName, MetricRange>>>;
  readonly all?: readonly FilterCriteria[];
  readonly any?: readonly FilterCriteria[];
  readonly none?: readonly FilterCriteria[];
}
