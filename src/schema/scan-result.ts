import type { InputRef } from '@pothos/core';
import { requirePermission } from '../domain/access/require-permission.ts';
import { METRICS } from '../domain/candidates/metric.ts';
import type { Leg, OptionLeg, ScanResult, ScoreComponent, StockLeg } from '../domain/results/scan-result.ts';
import type { StreamItem } from '../services/subscriptions/stream-item.ts';
import { builder } from './builder.ts';
import { MarketStateEnum, OptionRightEnum, OrderDirectionEnum, ScanResultOrderFieldEnum, StrategyEnum } from './enums.ts';
import { FilterRef } from './filter.ts';
import { criteriaInputFields, type FilterCriteriaInputShape } from './filter-criteria-input.ts';
import { ScanRunRef } from './scan-run.ts';
import { StreamBatchInterface } from './stream.ts';
import { UnderlyingRef } from './underlying.ts';

export const LegInterface = builder.interfaceRef<Leg>('Leg').implement({
  description: 'One part of a position.',
  resolveType: (leg) => (leg.kind === 'OPTION' ? 'OptionLeg' : 'StockLeg'),
  fields: (t) => ({
    symbol: t.exposeString('symbol', { description: 'Contract or underlying symbol.' }),
    quantity: t.exposeInt('quantity', { description: 'Units per unit of the position: positive bought, negative sold.' }),
  }),
});

builder.objectRef<OptionLeg>('OptionLeg').implement({
  description: 'An option contract in a position.',
  interfaces: [LegInterface],
  fields: (t) => ({
    right: t.expose('right', { type: OptionRightEnum, description: 'Call or put.' }),
    strike: t.exposeFloat('strike', { description: 'Strike, quote currency per unit.' }),
    expiration: t.expose('expiration', { type: 'Date', description: 'Date of expiration.' }),
    bid: t.exposeFloat('bid', { nullable: true, description: 'Bid, quote currency per unit.' }),
    ask: t.exposeFloat('ask', { nullable: true, description: 'Ask, quote currency per unit.' }),
    impliedVolatility: t.exposeFloat('impliedVolatility', {
      nullable: true,
      description: 'Implied volatility as a decimal (0.25 = 25 %).',
    }),
    delta: t.exposeFloat('delta', { nullable: true, description: 'Delta of one bought contract, per 1.00 of the underlying.' }),
  }),
});

builder.objectRef<StockLeg>('StockLeg').implement({
  description: 'The underlying itself, held in a position.',
  interfaces: [LegInterface],
});

const ScoreComponentRef = builder.objectRef<ScoreComponent>('ScoreComponent').implement({
  description: 'One part of the composite score.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What is looked at.' }),
    weight: t.exposeFloat('weight', { description: 'Share of the composite, 0 to 1.' }),
    value: t.exposeFloat('value', {
      nullable: true,
      description: '0 (poor) to 100 (excellent); null when unknown: then the others carry its weight.',
    }),
    explanation: t.exposeString('explanation', { description: 'The value in a sentence.' }),
  }),
});

export const ScanResultRef = builder.objectRef<ScanResult>('ScanResult');

builder.node(ScanResultRef, {
  description: 'One observation that passed a filter. Immutable. Prices are in the quote currency per unit of the underlying.',
  id: { resolve: (result) => result.id, description: 'Global id.' },
  loadOne: async (id, { loaders, services, viewer }) => {
    requirePermission(viewer, 'READ_RESULTS');
    const result = await loaders.scanResult.load(id);
    return result && !services.filterPrivacy.isHidden(result.filterId, viewer) ? result : null;
  },
  fields: (t) => ({
    detectedAt: t.field({ type: 'DateTime', description: 'When it was stored, UTC.', resolve: (result) => new Date(result.detectedAtMs) }),
    quotedAt: t.field({
      type: 'DateTime',
      description: "When the quotes were true by the source's clock, UTC.",
      resolve: (result) => new Date(result.quotedAtMs),
    }),
    filter: t.field({
      type: FilterRef,
      description: 'The filter it passed, as it is now.',
      resolve: async ({ filterId }, _arguments, { loaders }) => (await loaders.filter.load(filterId)) as never,
    }),
    filterRevision: t.exposeInt('filterRevision', { description: 'The revision of the filter it passed.' }),
    scanRun: t.field({
      type: ScanRunRef,
      nullable: true,
      description: 'The run that found it; null until that run has been stored.',
      resolve: ({ scanRunId }, _arguments, { loaders }) => loaders.scanRun.load(scanRunId),
    }),
    symbol: t.exposeString('symbol', { description: 'Symbol of the underlying.' }),
    underlying: t.field({
      type: UnderlyingRef,
      nullable: true,
      description: 'The underlying as it is now; null until its first scan has been stored.',
      resolve: ({ symbol }, _arguments, { loaders }) => loaders.underlying.load(symbol),
    }),
    strategy: t.expose('strategy', { type: StrategyEnum, description: 'How the legs are combined.' }),
    legs: t.field({ type: [LegInterface], description: 'The position.', resolve: (result) => [...result.legs] }),
    expiration: t.expose('expiration', { type: 'Date', description: 'Expiration of the nearest leg.' }),
    marketState: t.expose('marketState', { type: MarketStateEnum, description: 'Session when the quotes were true.' }),
    breakevens: t.floatList({
      description: 'Prices of the underlying at expiration where the profit is 0, ascending.',
      resolve: ({ metrics }) => [metrics.breakevenLower, metrics.breakevenUpper].filter((price) => price !== null),
    }),
    ...Object.fromEntries(
      METRICS.map((metric) => [
        metric.name,
        t.float({ nullable: true, description: metric.description, resolve: (result) => result.metrics[metric.name] }),
      ]),
    ),
    scoreComponents: t.field({
      type: [ScoreComponentRef],
      description: 'What the score is made of.',
      resolve: (result) => [...result.scoreComponents],
    }),
    reasons: t.stringList({ description: 'Why it is worth a look, in sentences.', resolve: (result) => result.reasons as string[] }),
  }),
});

export type ScanResultFilterShape = FilterCriteriaInputShape & {
  readonly filterIds?: readonly { typename: string; id: string }[] | null | undefined;
  readonly scanRunIds?: readonly { typename: string; id: string }[] | null | undefined;
};

export const ScanResultFilterInput: InputRef<ScanResultFilterShape> = builder
  .inputRef<ScanResultFilterShape>('ScanResultFilter')
  .implement({
    description: 'Which results are meant: everything stated must hold. Nothing stated means all.',
    fields: (t) =>
      ({
        filterIds: t.globalIDList({ for: [FilterRef], description: 'Only results of these filters.' }),
        scanRunIds: t.globalIDList({ for: [ScanRunRef], description: 'Only results of these runs.' }),
        ...criteriaInputFields(t as never),
      }) as never,
  });

export interface DateTimeRangeShape {
  readonly from?: Date | null | undefined;
  readonly before?: Date | null | undefined;
}

export const DateTimeRangeInput: InputRef<DateTimeRangeShape> = builder.inputRef<DateTimeRangeShape>('DateTimeRange').implement({
  description: 'A span of time, UTC.',
  fields: (t) => ({
    from: t.field({ type: 'DateTime', description: 'Its beginning, inclusive.' }),
    before: t.field({ type: 'DateTime', description: 'Its end, exclusive.' }),
  }),
});

export const ScanResultOrderInput = builder.inputType('ScanResultOrder', {
  description: 'The order of results.',
  fields: (t) => ({
    field: t.field({ type: ScanResultOrderFieldEnum, required: true, description: 'What to order by.' }),
    direction: t.field({ type: OrderDirectionEnum, required: true, defaultValue: 'DESC', description: 'Which end comes first.' }),
  }),
});

export const ScanResultBatchRef = builder.objectRef<StreamItem<ScanResult>>('ScanResultBatch').implement({
  description: 'Results that were stored together.',
  interfaces: [StreamBatchInterface],
  isTypeOf: () => true,
  fields: (t) => ({
    results: t.field({ type: [ScanResultRef], description: 'In the order they were stored.', resolve: (batch) => [...batch.rows] }),
  }),
});
