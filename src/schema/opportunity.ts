import type { InputRef } from '@pothos/core';
import { requirePermission } from '../domain/access/require-permission.ts';
import { LEAVE_REASONS, type Opportunity } from '../domain/opportunities/opportunity.ts';
import { OPPORTUNITY_CHANGE_KINDS, type OpportunityChange } from '../domain/opportunities/opportunity-change.ts';
import type { StrategyId } from '../domain/strategies/strategy-id.ts';
import { OPPORTUNITY_STATES, type OpportunityState } from '../services/opportunities/opportunity-query.ts';
import type { StreamItem } from '../services/subscriptions/stream-item.ts';
import { builder } from './builder.ts';
import { describedValues } from './described-values.ts';
import { StrategyEnum } from './enums.ts';
import { FilterRef } from './filter.ts';
import { LegInterface, ScanResultRef } from './scan-result.ts';
import { StreamBatchInterface } from './stream.ts';
import { UnderlyingRef } from './underlying.ts';

const OpportunityStateEnum = builder.enumType('OpportunityState', {
  description: 'Whether an opportunity is still there.',
  values: describedValues(OPPORTUNITY_STATES, {
    ACTIVE: 'The newest scan of its underlying found it, or could not tell.',
    PAST: 'It has left.',
  }),
});

const LeaveReasonEnum = builder.enumType('LeaveReason', {
  description: 'Why an opportunity has left.',
  values: describedValues(LEAVE_REASONS, {
    NOT_FOUND: 'A completed scan of its underlying did not find it again, or found enough that scored higher.',
    FILTER_CHANGED: 'Its filter was disabled or deleted, or changed so that it no longer passes.',
    EXPIRED: 'Its options expired.',
  }),
});

const OpportunityChangeKindEnum = builder.enumType('OpportunityChangeKind', {
  description: 'What happened to an opportunity.',
  values: describedValues(OPPORTUNITY_CHANGE_KINDS, {
    ENTERED: 'A scan found it that was not there before.',
    UPDATED: 'A scan found it again with other values, or by another revision of its filter.',
    LEFT: 'It is over.',
  }),
});

export const OpportunityRef = builder.objectRef<Opportunity>('Opportunity');

builder.node(OpportunityRef, {
  description: 'The episode of consecutive results of the same filter and the same legs, from entering to leaving.',
  id: { resolve: (opportunity) => opportunity.id, description: 'Global id.' },
  loadOne: async (id, { loaders, services, viewer }) => {
    requirePermission(viewer, 'READ_RESULTS');
    const opportunity = await loaders.opportunity.load(id);
    return opportunity && !services.filterPrivacy.isHidden(opportunity.filterId, viewer) ? opportunity : null;
  },
  fields: (t) => ({
    state: t.field({
      type: OpportunityStateEnum,
      description: 'Whether it is still there.',
      resolve: ({ leftAtMs }): OpportunityState => (leftAtMs === null ? 'ACTIVE' : 'PAST'),
    }),
    filter: t.field({
      type: FilterRef,
      description: 'The filter that finds it, as it is now.',
      resolve: async ({ filterId }, _arguments, { loaders }) => (await loaders.filter.load(filterId)) as never,
    }),
    filterRevision: t.exposeInt('filterRevision', {
      description: 'Newest revision of the filter that has found it, or the one that ended it.',
    }),
    symbol: t.exposeString('symbol', { description: 'Symbol of the underlying.' }),
    underlying: t.field({
      type: UnderlyingRef,
      nullable: true,
      description: 'The underlying as last scanned.',
      resolve: ({ symbol }, _arguments, { loaders }) => loaders.underlying.load(symbol),
    }),
    strategy: t.expose('strategy', { type: StrategyEnum, description: 'How the legs are combined.' }),
    legs: t.field({
      type: [LegInterface],
      description: 'The parts of the position, with the quotes it entered with.',
      resolve: ({ legs }) => [...legs],
    }),
    expiration: t.expose('expiration', { type: 'Date', description: 'Date of the first expiration among the legs.' }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'The moment of that expiration, UTC.',
      resolve: ({ expiresAtMs }) => new Date(expiresAtMs),
    }),
    firstSeenAt: t.field({
      type: 'DateTime',
      description: 'When it entered, UTC.',
      resolve: ({ firstSeenAtMs }) => new Date(firstSeenAtMs),
    }),
    lastSeenAt: t.field({
      type: 'DateTime',
      description: 'The newest scan that found it, UTC. Scans that find nothing changed are noted every half minute.',
      resolve: ({ lastSeenAtMs }) => new Date(lastSeenAtMs),
    }),
    leftAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it left, UTC; null while it is there.',
      resolve: ({ leftAtMs }) => (leftAtMs === null ? null : new Date(leftAtMs)),
    }),
    leaveReason: t.expose('leaveReason', { type: LeaveReasonEnum, nullable: true, description: 'Why it left; null while it is there.' }),
    bestScore: t.exposeFloat('bestScore', { description: 'Highest score it has had, 0 to 100.' }),
    lastScore: t.exposeFloat('lastScore', { description: 'Score of the newest scan that found it, 0 to 100.' }),
    observations: t.exposeInt('observations', {
      description:
        'Scans that found it, changed or not. Of several servers that scan the same underlying, the count of the one that has most.',
    }),
    latestResult: t.field({
      type: ScanResultRef,
      nullable: true,
      description: 'Its newest stored result; null when it is older than what is kept.',
      resolve: ({ latestResultId }, _arguments, { loaders }) => loaders.scanResult.load(latestResultId),
    }),
  }),
});

export const OpportunityChangeRef = builder.objectRef<OpportunityChange>('OpportunityChange').implement({
  description: 'A change of an opportunity. Immutable.',
  fields: (t) => ({
    kind: t.expose('kind', { type: OpportunityChangeKindEnum, description: 'What happened.' }),
    at: t.field({ type: 'DateTime', description: 'When it was stored, UTC.', resolve: ({ atMs }) => new Date(atMs) }),
    opportunity: t.expose('opportunity', { type: OpportunityRef, description: 'The opportunity as the change left it.' }),
  }),
});

export const OpportunityChangeBatchRef = builder.objectRef<StreamItem<OpportunityChange>>('OpportunityChangeBatch').implement({
  description: 'Changes of opportunities that were stored together.',
  interfaces: [StreamBatchInterface],
  isTypeOf: () => true,
  fields: (t) => ({
    changes: t.field({ type: [OpportunityChangeRef], description: 'In the order they were made.', resolve: ({ rows }) => [...rows] }),
  }),
});

export interface OpportunityFilterShape {
  readonly state?: OpportunityState | null | undefined;
  readonly filterIds?: readonly { readonly typename: string; readonly id: string }[] | null | undefined;
  readonly symbols?: readonly string[] | null | undefined;
  readonly strategies?: readonly StrategyId[] | null | undefined;
  readonly minimumScore?: number | null | undefined;
}

export const OpportunityFilterInput: InputRef<OpportunityFilterShape> = builder
  .inputRef<OpportunityFilterShape>('OpportunityFilter')
  .implement({
    description: 'Which opportunities are meant: everything stated must hold. Nothing stated means all.',
    fields: (t) =>
      ({
        state: t.field({ type: OpportunityStateEnum, description: 'Only those still there, or only past ones. Of no effect on changes.' }),
        filterIds: t.globalIDList({ for: [FilterRef], description: 'Only those of these filters.' }),
        symbols: t.stringList({ description: 'Only those on these underlyings.' }),
        strategies: t.field({ type: [StrategyEnum], description: 'Only these strategies.' }),
        minimumScore: t.float({
          description:
            'Only those whose best score is at least this, 0 to 100. It never falls: whoever was told of an opportunity is told when it leaves. The first change told may be UPDATED, when only then it is good enough.',
        }),
      }) as never,
  });
