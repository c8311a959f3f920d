import type { MetricName } from '../candidates/metric.ts';
import type { DateRange, FilterCriteria, MetricRange, SetCriterion } from './filter-criteria.ts';

/** One stated part of one group of criteria. */
export type StatedCriterion =
  | { readonly kind: 'SYMBOLS'; readonly path: string; readonly expected: SetCriterion<string> }
  | { readonly kind: 'STRATEGIES'; readonly path: string; readonly expected: SetCriterion<string> }
  | { readonly kind: 'EXPIRATION'; readonly path: string; readonly expected: DateRange }
  | { readonly kind: 'METRIC'; readonly path: string; readonly metric: MetricName; readonly expected: MetricRange };

export type Criterion =
  | StatedCriterion
  /** A group that must not hold, as a whole. */
  | { readonly kind: 'REFUSED_GROUP'; readonly path: string; readonly expected: FilterCriteria };

/**
 * The parts a group states itself, those of its groups left out.
 *
 * @param path where the group is within the whole, e.g. `any.0`; empty for the outermost
 */
export function criteriaOf({ symbols, strategies, expiration, metrics }: FilterCriteria, path = ''): StatedCriterion[] {
  const at = (member: string) => (path === '' ? member : `${path}.${member}`);
  return [
    ...(symbols ? [{ kind: 'SYMBOLS', path: at('symbols'), expected: symbols } as const] : []),
    ...(strategies ? [{ kind: 'STRATEGIES', path: at('strategies'), expected: strategies } as const] : []),
    ...(expiration ? [{ kind: 'EXPIRATION', path: at('expiration'), expected: expiration } as const] : []),
    ...Object.entries(metrics ?? {}).map(([name, range]) => {
      return { kind: 'METRIC', path: at(`metrics.${name}`), metric: name as MetricName, expected: range } as const;
    }),
  ];
}

/** In words of the API: `0.1 ≤ shortDelta ≤ 0.2`, `symbol one of SPX, SPY`, `not (delta ≥ 0.5 and ivRank unknown)`. */
export function criterionText(criterion: Criterion): string {
  switch (criterion.kind) {
    case 'SYMBOLS':
      return setText('symbol', criterion.expected);
    case 'STRATEGIES':
      return setText('strategy', criterion.expected);
    case 'EXPIRATION':
      return boundsText('expiration', criterion.expected.min, criterion.expected.max);
    case 'METRIC': {
      const { min, max, isNull } = criterion.expected;
      if (isNull !== undefined) return `${criterion.metric} ${isNull ? 'unknown' : 'known'}`;
      return boundsText(criterion.metric, min, max);
    }
    case 'REFUSED_GROUP':
      return `not (${groupText(criterion.expected)})`;
  }
}

function groupText(group: FilterCriteria): string {
  const { all = [], any = [], none = [] } = group;
  const parts = [
    ...criteriaOf(group).map(criterionText),
    ...all.map(groupText),
    ...(any.length > 0 ? [`(${any.map(groupText).join(' or ')})`] : []),
    ...none.map((inner) => `not (${groupText(inner)})`),
  ];
  return parts.length > 0 ? parts.join(' and ') : 'anything';
}

/** More names than this make nobody wiser. */
const MOST_NAMES_TOLD = 20;

function setText(what: string, { in: included, notIn: excluded }: SetCriterion<string>): string {
  const names = (list: readonly string[]) =>
    list.length > MOST_NAMES_TOLD
      ? `${list.slice(0, MOST_NAMES_TOLD).join(', ')} and ${list.length - MOST_NAMES_TOLD} more`
      : list.join(', ');
  const parts = [included && `one of ${names(included)}`, excluded && `none of ${names(excluded)}`].filter(Boolean);
  return `${what} ${parts.join(', ')}`;
}

function boundsText(what: string, min: number | string | undefined, max: number | string | undefined): string {
  if (min === undefined) return `${what} ≤ ${max}`;
  if (max === undefined) return `${what} ≥ ${min}`;
  return min === max ? `${what} = ${min}` : `${min} ≤ ${what} ≤ ${max}`;
}
