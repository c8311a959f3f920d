import type { FilterCriteria } from '../filters/filter-criteria.ts';
import type { SeriesSource } from './series-source.ts';

export const CONDITION_KINDS = ['MATCH', 'THRESHOLD', 'CHANGE', 'ENTER_EXIT', 'ABSENCE', 'ANOMALY'] as const;
export type ConditionKind = (typeof CONDITION_KINDS)[number];

/**
 * Where a condition on a number begins and ends to hold. ABOVE: begins at value ≥ fireAt, ends at value < clearAt (≤ fireAt).
 * BELOW: begins at value ≤ fireAt, ends at value > clearAt (≥ fireAt).
 */
export interface Level {
  readonly direction: 'ABOVE' | 'BELOW';
  readonly fireAt: number;
  readonly clearAt: number;
}

/** Which scan results are meant: those of a filter, and of these those that also meet the criteria. */
export interface Screen {
  /** Null: the results of all filters. */
  readonly filterId: string | null;
  readonly criteria: FilterCriteria;
}

/** A scan result that meets the criteria. Each counts as long as `holdMs`; another one meanwhile goes on from there. */
export interface MatchCondition extends Screen {
  readonly kind: 'MATCH';
  readonly holdMs: number;
}

export interface ThresholdCondition extends Level {
  readonly kind: 'THRESHOLD';
  readonly source: SeriesSource;
}

export const CHANGE_MEASURES = ['ABSOLUTE', 'RELATIVE', 'Z_SCORE'] as const;
export type ChangeMeasure = (typeof CHANGE_MEASURES)[number];
export const MOVE_DIRECTIONS = ['UP', 'DOWN', 'EITHER'] as const;
export type MoveDirection = (typeof MOVE_DIRECTIONS)[number];

/**
 * A move within a window that ends now. ABSOLUTE: from the lowest value of the window up to now (UP), from the highest down to now (DOWN), in units of the metric.
 * RELATIVE: that, divided by the value it moved from (0.02 = 2 %). Z_SCORE: the newest increment against the increments before it, in standard deviations: for
 * volume, which counts up over the day. The levels are positive: a fall of 2 % is DOWN 0.02.
 */
export interface ChangeCondition {
  readonly kind: 'CHANGE';
  readonly source: SeriesSource;
  readonly windowMs: number;
  readonly measure: ChangeMeasure;
  readonly direction: MoveDirection;
  readonly fireAt: number;
  readonly clearAt: number;
  /** With fewer values in the window nothing is said. */
  readonly minimumSamples: number;
}

/** Opportunities that come into a screen or go out of it. ENTER holds while they are in it; EXIT and BOTH count as long as `holdMs`. */
export interface EnterExitCondition extends Screen {
  readonly kind: 'ENTER_EXIT';
  readonly on: 'ENTER' | 'EXIT' | 'BOTH';
  readonly holdMs: number;
}

/** No known value for so long. */
export interface AbsenceCondition {
  readonly kind: 'ABSENCE';
  readonly source: SeriesSource;
  readonly afterMs: number;
}

/** A value far from those before it, by the modified z-score. */
export interface AnomalyCondition {
  readonly kind: 'ANOMALY';
  readonly source: SeriesSource;
  /** How many values before it are compared with. */
  readonly samples: number;
  readonly minimumSamples: number;
  readonly direction: MoveDirection;
  readonly fireAt: number;
  readonly clearAt: number;
}

export type RuleCondition =
  | MatchCondition
  | ThresholdCondition
  | ChangeCondition
  | EnterExitCondition
  | AbsenceCondition
  | AnomalyCondition;
