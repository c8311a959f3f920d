import type { MetricName } from '../candidates/metric.ts';

/** One group of criteria, ready to be evaluated. What is not stated is null or an empty list. */
export interface FilterNode {
  readonly symbols: StringSetTest | null;
  /** 1 for every strategy code that is allowed. */
  readonly strategies: Uint8Array | null;
  /** `YYYY-MM-DD`, which compare as text; open ends are '' and '\uffff'. */
  readonly expiration: { readonly min: string; readonly max: string } | null;
  readonly ranges: readonly RangeTest[];
  readonly nullTests: readonly NullTest[];
  readonly all: readonly FilterNode[];
  readonly any: readonly FilterNode[];
  readonly none: readonly FilterNode[];
}

export interface StringSetTest {
  /** Null: any. */
  readonly included: ReadonlySet<string> | null;
  readonly excluded: ReadonlySet<string>;
}

/** Inclusive; -Infinity and Infinity are open ends. Comparing with NaN is false, so that an unknown value lies in no range. */
export interface RangeTest {
  readonly metric: MetricName;
  readonly min: number;
  readonly max: number;
}

export interface NullTest {
  readonly metric: MetricName;
  readonly isNull: boolean;
}

export function passesSet(test: StringSetTest, value: string): boolean {
  return (test.included === null || test.included.has(value)) && !test.excluded.has(value);
}
