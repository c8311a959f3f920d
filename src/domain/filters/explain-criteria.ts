import { type Criterion, criteriaOf, criterionText, type StatedCriterion } from './criterion.ts';
import type { FilterCriteria, SetCriterion } from './filter-criteria.ts';
import type { FilterSubject } from './matches-node.ts';

/** What became of one criterion. */
export interface CriterionVerdict {
  readonly criterion: Criterion;
  /** The criterion in words, e.g. `0.1 ≤ shortDelta ≤ 0.2`. */
  readonly expected: string;
  readonly passed: boolean;
  /** What the subject has there; null: unknown. */
  readonly value: number | string | null;
  /** How far a number is outside of its range, in the unit of the metric; 0 inside; null when there is no range or no value. */
  readonly distance: number | null;
}

/** Why a subject passes or does not. */
export interface CriteriaExplanation {
  readonly matches: boolean;
  /**
   * What has to change so that it passes: every failed criterion; of `any` those of all its groups, when none of them holds; each group of `none` that holds.
   * Empty when it matches, and only then.
   */
  readonly failed: readonly CriterionVerdict[];
  /** Every criterion of the outermost group and of `all`, passed or not. */
  readonly verdicts: readonly CriterionVerdict[];
}

/** The meaning of `CompiledFilter.matches`, with its reasons. @param criteria as parseFilterCriteria leaves them */
export function explainCriteria(criteria: FilterCriteria, subject: FilterSubject): CriteriaExplanation {
  return explainGroup(criteria, subject, '');
}

function explainGroup(group: FilterCriteria, subject: FilterSubject, path: string): CriteriaExplanation {
  const at = (member: string) => (path === '' ? member : `${path}.${member}`);
  const own = criteriaOf(group, path).map((criterion) => verdictOf(criterion, subject));
  const within = (list: readonly FilterCriteria[] | undefined, member: string) =>
    (list ?? []).map((inner, index) => explainGroup(inner, subject, at(`${member}.${index}`)));
  const all = within(group.all, 'all');
  const any = within(group.any, 'any');
  const none = within(group.none, 'none');
  const anyHolds = any.length === 0 || any.some((inner) => inner.matches);
  const holding = (group.none ?? []).flatMap((inner, index) => (none[index]!.matches ? refused(inner, at(`none.${index}`)) : []));

  const verdicts = [...own, ...all.flatMap((inner) => inner.verdicts)];
  return {
    matches: own.every((verdict) => verdict.passed) && all.every((inner) => inner.matches) && anyHolds && holding.length === 0,
    failed: [
      ...own.filter((verdict) => !verdict.passed),
      ...all.flatMap((inner) => inner.failed),
      ...(anyHolds ? [] : any.flatMap((inner) => inner.failed)),
      ...holding,
    ],
    verdicts,
  };
}

/** A group that holds where it must not. */
function refused(group: FilterCriteria, path: string): CriterionVerdict {
  const criterion: Criterion = { kind: 'REFUSED_GROUP', path, expected: group };
  return { criterion, expected: criterionText(criterion), passed: false, value: null, distance: null };
}

function verdictOf(criterion: StatedCriterion, subject: FilterSubject): CriterionVerdict {
  const expected = criterionText(criterion);
  switch (criterion.kind) {
    case 'SYMBOLS':
      return { criterion, expected, passed: isIn(criterion.expected, subject.symbol), value: subject.symbol, distance: null };
    case 'STRATEGIES':
      return { criterion, expected, passed: isIn(criterion.expected, subject.strategy), value: subject.strategy, distance: null };
    case 'EXPIRATION': {
      const { min = '', max = '\uffff' } = criterion.expected;
      const value = subject.expiration;
      return { criterion, expected, passed: value >= min && value <= max, value, distance: null };
    }
    case 'METRIC': {
      const value = subject.metrics[criterion.metric];
      const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY, isNull } = criterion.expected;
      if (isNull !== undefined) return { criterion, expected, passed: (value === null) === isNull, value, distance: null };
      const passed = value !== null && value >= min && value <= max;
      return { criterion, expected, passed, value, distance: value === null ? null : Math.max(0, min - value, value - max) };
    }
  }
}

function isIn({ in: included, notIn: excluded }: SetCriterion<string>, value: string): boolean {
  return (included === undefined || included.includes(value)) && !(excluded ?? []).includes(value);
}
