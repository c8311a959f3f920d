import type { Histogram, HistogramBucket } from '../domain/filters/histogram.ts';
import type { CriterionPreview } from '../domain/filters/preview-criteria.ts';
import type { NearMiss } from '../domain/filters/preview-positions.ts';
import { type FilterPreview, PREVIEW_SOURCES, type SymbolPreview } from '../services/filters/filter-preview.ts';
import { apiPath } from './api-issues.ts';
import { builder } from './builder.ts';
import { describedValues } from './described-values.ts';
import { FilterRef } from './filter.ts';
import { FilterCriteriaInput } from './filter-criteria-input.ts';
import { CriterionKindEnum, CriterionVerdictRef, PreviewPositionRef } from './filter-explanation.ts';

const FilterPreviewSourceEnum = builder.enumType('FilterPreviewSource', {
  description: 'What criteria are held against.',
  values: describedValues(PREVIEW_SOURCES, {
    LIVE_CHAINS: 'Every candidate of the newest chains that this server process has scanned.',
    RECENT_RESULTS: 'The newest stored results, of whichever filter: what no filter has found is not among them.',
  }),
});

const HistogramBucketRef = builder.objectRef<HistogramBucket>('HistogramBucket').implement({
  description: 'Values between two bounds.',
  fields: (t) => ({
    from: t.exposeFloat('from', { description: 'Lower bound, inclusive.' }),
    to: t.exposeFloat('to', { description: 'Upper bound, exclusive; of the last bucket inclusive.' }),
    count: t.exposeInt('count', { description: 'Values in it.' }),
  }),
});

const HistogramRef = builder.objectRef<Histogram>('Histogram').implement({
  description: 'How values spread. Of more than 65,536 values median, buckets, below and above are estimated from a part of them.',
  fields: (t) => ({
    count: t.exposeInt('count', { description: 'Known values.' }),
    unknown: t.exposeInt('unknown', { description: 'Values that are unknown.' }),
    min: t.exposeFloat('min', { nullable: true, description: 'Smallest value; null when none is known.' }),
    max: t.exposeFloat('max', { nullable: true, description: 'Greatest value; null when none is known.' }),
    median: t.exposeFloat('median', { nullable: true, description: 'Middle value; null when none is known.' }),
    buckets: t.field({
      type: [HistogramBucketRef],
      description: 'At most 20 buckets of equal width from the 1st to the 99th percentile, ascending.',
      resolve: ({ buckets }) => [...buckets],
    }),
    below: t.exposeInt('below', { description: 'Values below the first bucket.' }),
    above: t.exposeInt('above', { description: 'Values above the last bucket.' }),
  }),
});

const CriterionPreviewRef = builder.objectRef<CriterionPreview>('CriterionPreview').implement({
  description: 'What one criterion of the outermost group does.',
  fields: (t) => ({
    kind: t.field({ type: CriterionKindEnum, description: 'What it looks at.', resolve: ({ criterion }) => criterion.kind }),
    path: t.string({ description: 'Where it is in the criteria, e.g. `delta`.', resolve: ({ criterion }) => apiPath(criterion.path) }),
    expected: t.exposeString('expected', { description: 'The criterion in words, e.g. `0.1 ≤ shortDelta ≤ 0.2`.' }),
    passing: t.exposeInt('passing', { description: 'How many pass this criterion alone.' }),
    matchingWithout: t.exposeInt('matchingWithout', {
      description:
        'How many would match if only this criterion were dropped: many more than match now means that it is the one that decides.',
    }),
    histogram: t.expose('histogram', {
      type: HistogramRef,
      nullable: true,
      description: 'How the metric spreads over everything looked at, in its unit; null where the criterion is not about a metric.',
    }),
  }),
});

const NearMissRef = builder.objectRef<NearMiss>('NearMiss').implement({
  description: 'A position that fails one criterion and nothing else.',
  fields: (t) => ({
    position: t.expose('position', { type: PreviewPositionRef, description: 'The position.' }),
    failed: t.expose('failed', { type: CriterionVerdictRef, description: 'The criterion, with the value and how far it is off.' }),
    relativeDistance: t.exposeFloat('relativeDistance', {
      nullable: true,
      description:
        'The distance as a share of the span between the 1st and the 99th percentile of the metric, so that metrics compare; null where there is no distance.',
    }),
  }),
});

const SymbolPreviewRef = builder.objectRef<SymbolPreview>('SymbolPreview').implement({
  description: 'What criteria do to one underlying.',
  fields: (t) => ({
    symbol: t.exposeString('symbol', { description: 'Symbol of the underlying.' }),
    considered: t.exposeInt('considered', { description: 'Candidates or results looked at.' }),
    matching: t.exposeInt('matching', { description: 'Those that match.' }),
  }),
});

export const FilterPreviewRef = builder.objectRef<FilterPreview>('FilterPreview').implement({
  description: 'What criteria would find.',
  fields: (t) => ({
    over: t.expose('over', { type: FilterPreviewSourceEnum, description: 'What was looked at.' }),
    considered: t.exposeInt('considered', { description: 'Candidates or results looked at.' }),
    matching: t.exposeInt('matching', {
      description: 'Those that match. Of a scan only the best of each underlying are stored; see `limits` of a filter.',
    }),
    criteria: t.field({
      type: [CriterionPreviewRef],
      description: 'Each criterion of the outermost group; groups within count as one that is never dropped.',
      resolve: ({ criteria }) => [...criteria],
    }),
    symbols: t.field({
      type: [SymbolPreviewRef],
      description: 'By underlying, most matches first.',
      resolve: ({ symbols }) => [...symbols],
    }),
    missingSymbols: t.stringList({
      description: 'Underlyings asked for of which there is nothing to look at, e.g. because this server process has not scanned them yet.',
      resolve: ({ missingSymbols }) => [...missingSymbols],
    }),
    best: t.field({
      type: [PreviewPositionRef],
      description: 'The matches with the highest scores, highest first.',
      resolve: ({ best }) => [...best],
    }),
    nearMisses: t.field({
      type: [NearMissRef],
      description:
        'At most 10 that fail exactly one criterion of the outermost group, nearest first; those without a distance last, by score.',
      resolve: ({ nearMisses }) => [...nearMisses],
    }),
  }),
});

export const FilterPreviewInput = builder.inputType('FilterPreviewInput', {
  description: 'Criteria, or a saved filter, and what to hold them against.',
  fields: (t) => ({
    criteria: t.field({ type: FilterCriteriaInput, description: 'Criteria that need not be saved.' }),
    filterId: t.globalID({ for: [FilterRef], description: 'A saved filter, enabled or not, instead of criteria.' }),
    overrides: t.field({
      type: FilterCriteriaInput,
      description: 'With filterId: criteria in place of the same ones of the filter, each as a whole, to see what a change would do.',
    }),
    over: t.field({
      type: FilterPreviewSourceEnum,
      required: true,
      defaultValue: 'LIVE_CHAINS',
      description: 'What to hold them against.',
    }),
    symbols: t.stringList({ description: 'Only these underlyings, at most 100; all when left out.' }),
    results: t.int({
      required: true,
      defaultValue: 2_000,
      description: 'How many of the newest results, 1 to 10,000; of no effect over live chains.',
    }),
    best: t.int({ required: true, defaultValue: 10, description: 'How many of the best matches to tell, 0 to 50.' }),
  }),
});
