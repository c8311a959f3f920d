import type { InputRef } from '@pothos/core';
import type { CriterionVerdict } from '../domain/filters/explain-criteria.ts';
import type { PreviewPosition } from '../domain/filters/preview-positions.ts';
import type { StrategyId } from '../domain/strategies/strategy-id.ts';
import type { FilterExplanation } from '../services/filters/filter-explanation.ts';
import { apiPath } from './api-issues.ts';
import { builder } from './builder.ts';
import { describedValues } from './described-values.ts';
import { StrategyEnum } from './enums.ts';
import { FilterRef } from './filter.ts';
import { FilterCriteriaInput, type FilterCriteriaInputShape } from './filter-criteria-input.ts';
import { PositionMetricsRef } from './position-metrics.ts';
import { LegInterface, ScanResultRef } from './scan-result.ts';

export const CriterionKindEnum = builder.enumType('CriterionKind', {
  description: 'What a criterion looks at.',
  values: describedValues(['SYMBOLS', 'STRATEGIES', 'EXPIRATION', 'METRIC', 'REFUSED_GROUP'] as const, {
    SYMBOLS: 'The underlying.',
    STRATEGIES: 'The strategy.',
    EXPIRATION: 'The expiration.',
    METRIC: 'One metric.',
    REFUSED_GROUP: 'A group under `none`, as a whole.',
  }),
});

export const CriterionVerdictRef = builder.objectRef<CriterionVerdict>('CriterionVerdict').implement({
  description: 'What became of one criterion.',
  fields: (t) => ({
    kind: t.field({ type: CriterionKindEnum, description: 'What it looks at.', resolve: ({ criterion }) => criterion.kind }),
    path: t.string({
      description: 'Where it is in the criteria, e.g. `delta` or `any.0.ivRank`.',
      resolve: ({ criterion }) => apiPath(criterion.path),
    }),
    expected: t.exposeString('expected', { description: 'The criterion in words, e.g. `0.1 ≤ shortDelta ≤ 0.2`.' }),
    passed: t.exposeBoolean('passed', { description: 'Whether it holds.' }),
    value: t.float({
      nullable: true,
      description: 'What the position has there, in the unit of the metric; null when unknown, and where it is no number.',
      resolve: ({ value }) => (typeof value === 'number' ? value : null),
    }),
    text: t.string({
      nullable: true,
      description: 'What the position has there, where that is no number: its underlying, strategy or expiration.',
      resolve: ({ value }) => (typeof value === 'string' ? value : null),
    }),
    min: t.float({
      nullable: true,
      description: 'The lower bound of a metric, inclusive; null without one.',
      resolve: ({ criterion }) => (criterion.kind === 'METRIC' ? criterion.expected.min : null),
    }),
    max: t.float({
      nullable: true,
      description: 'The upper bound of a metric, inclusive; null without one.',
      resolve: ({ criterion }) => (criterion.kind === 'METRIC' ? criterion.expected.max : null),
    }),
    distance: t.exposeFloat('distance', {
      nullable: true,
      description: 'How far a metric is outside of its bounds, in its unit; 0 inside, null without bounds or when it is unknown.',
    }),
  }),
});

export const PreviewPositionRef = builder.objectRef<PreviewPosition>('PreviewPosition').implement({
  description: 'A position that criteria were held against. Prices are in the quote currency per unit of the underlying.',
  fields: (t) => ({
    symbol: t.exposeString('symbol', { description: 'Symbol of the underlying.' }),
    strategy: t.expose('strategy', { type: StrategyEnum, description: 'How the legs are combined.' }),
    legs: t.field({ type: [LegInterface], description: 'The position.', resolve: ({ legs }) => [...legs] }),
    expiration: t.expose('expiration', { type: 'Date', description: 'Expiration of the nearest leg.' }),
    quotedAt: t.field({
      type: 'DateTime',
      description: "When the quotes were true by the source's clock, UTC.",
      resolve: ({ quotedAtMs }) => new Date(quotedAtMs),
    }),
    score: t.float({
      nullable: true,
      description: 'Composite score, 0 (poor) to 100 (excellent).',
      resolve: ({ metrics }) => metrics.score,
    }),
    metrics: t.expose('metrics', { type: PositionMetricsRef, description: 'Its metrics.' }),
    result: t.field({
      type: ScanResultRef,
      nullable: true,
      description: 'The stored result it is; null for a position of a live chain.',
      resolve: ({ resultId }, _arguments, { loaders }) => (resultId === null ? null : loaders.scanResult.load(resultId)),
    }),
  }),
});

export const FilterExplanationRef = builder.objectRef<FilterExplanation>('FilterExplanation').implement({
  description: 'Why a position passes criteria, or does not.',
  fields: (t) => ({
    matches: t.exposeBoolean('matches', { description: 'Whether it passes.' }),
    failed: t.field({
      type: [CriterionVerdictRef],
      description:
        'What would have to change so that it passes: each criterion that fails; of `any` those of all its groups, when none of them holds; each group of `none` that holds. Empty when it matches.',
      resolve: ({ failed }) => [...failed],
    }),
    verdicts: t.field({
      type: [CriterionVerdictRef],
      description: 'Every criterion of the outermost group and of `all`, passed or not.',
      resolve: ({ verdicts }) => [...verdicts],
    }),
    position: t.expose('position', {
      type: PreviewPositionRef,
      description: 'The position, with the values that were held against the criteria.',
    }),
  }),
});

interface PositionInputShape {
  readonly symbol: string;
  readonly strategy: StrategyId;
  readonly legs: readonly { readonly symbol: string; readonly quantity: number }[];
}

const PositionLegInput = builder.inputRef<PositionInputShape['legs'][number]>('PositionLegInput').implement({
  description: 'One part of a position.',
  fields: (t) => ({
    symbol: t.string({ required: true, description: 'Contract symbol; the symbol of the underlying for the underlying itself.' }),
    quantity: t.int({ required: true, description: 'Units per unit of the position: positive bought, negative sold.' }),
  }),
});

const PositionInput: InputRef<PositionInputShape> = builder.inputRef<PositionInputShape>('PositionInput').implement({
  description: 'A position in the newest chain of an underlying.',
  fields: (t) => ({
    symbol: t.string({ required: true, description: 'Symbol of the underlying.' }),
    strategy: t.field({ type: StrategyEnum, required: true, description: 'How the legs are combined.' }),
    legs: t.field({ type: [PositionLegInput], required: true, description: '1 to 5 legs of one expiration, in any order.' }),
  }),
});

/** Criteria as they stand, or those of a saved filter. */
export interface CriteriaOrFilterShape {
  readonly criteria?: FilterCriteriaInputShape | null | undefined;
  readonly filterId?: { readonly typename: string; readonly id: string } | null | undefined;
  /** In place of the same criteria of the saved filter. */
  readonly overrides?: FilterCriteriaInputShape | null | undefined;
}

export const FilterExplainInput = builder.inputType('FilterExplainInput', {
  description: 'Criteria, or a saved filter; and a stored result, or a position of a live chain.',
  fields: (t) => ({
    criteria: t.field({ type: FilterCriteriaInput, description: 'Criteria that need not be saved.' }),
    filterId: t.globalID({ for: [FilterRef], description: 'A saved filter, enabled or not, instead of criteria.' }),
    resultId: t.globalID({ for: [ScanResultRef], description: 'A stored result.' }),
    position: t.field({
      type: PositionInput,
      description: 'A position of the newest chain that this server process has scanned, instead of a result.',
    }),
  }),
});
