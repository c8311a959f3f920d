import { requirePermission } from '../domain/access/require-permission.ts';
import { canSeeFilter } from '../domain/filters/can-see-filter.ts';
import type { Filter } from '../domain/filters/filter.ts';
import type { ScanDrop, ScanFailure, ScanRun } from '../domain/results/scan-run.ts';
import { builder } from './builder.ts';
import { DEPENDS_ON_VIEWER } from './depends-on-viewer.ts';
import { ScanRunKindEnum, ScanRunStateEnum } from './enums.ts';
import { FilterRef } from './filter.ts';

const ScanDropRef = builder.objectRef<ScanDrop>('ScanDrop').implement({
  description: 'How many were left out on the way from feed to result, and why.',
  fields: (t) => ({
    stage: t.exposeString('stage', { description: 'Where: feed, pricing, strategies, selection or scan.' }),
    reason: t.exposeString('reason', { description: 'Why, as in the metric strikewire_scan_drops_total.' }),
    count: t.exposeFloat('count', { description: 'How many.' }),
  }),
});

const ScanFailureRef = builder.objectRef<ScanFailure>('ScanFailure').implement({
  description: 'An underlying that could not be scanned.',
  fields: (t) => ({
    symbol: t.exposeString('symbol', { description: 'Symbol of the underlying.' }),
    code: t.exposeString('code', { description: 'Stable code of the error.' }),
    message: t.exposeString('message', { description: 'What was expected and what came.' }),
  }),
});

export const ScanRunRef = builder.objectRef<ScanRun>('ScanRun');

builder.node(ScanRunRef, {
  description: 'One pass over the watchlist, or over the symbols of a request. Counts go on while it runs.',
  id: { resolve: (run) => run.id, description: 'Global id.' },
  loadOne: (id, { loaders, viewer }) => {
    requirePermission(viewer, 'READ_OPERATIONS');
    return loaders.scanRun.load(id);
  },
  fields: (t) => ({
    kind: t.expose('kind', { type: ScanRunKindEnum, description: 'Why it happened.' }),
    state: t.expose('state', { type: ScanRunStateEnum, description: 'How far it is.' }),
    symbols: t.stringList({ description: 'The underlyings it is about.', resolve: (run) => [...run.symbols] }),
    filters: t.field({
      type: [FilterRef],
      nullable: true,
      authScopes: { permission: 'READ_FILTERS' },
      description: 'The filters it is limited to, of which private ones of others are left out; null: every enabled one.',
      extensions: DEPENDS_ON_VIEWER,
      resolve: async (run, _arguments, { loaders, viewer }) => {
        if (run.filterIds === null) return null;
        const filters = await Promise.all(run.filterIds.map((id) => loaders.filter.load(id)));
        return filters.filter((filter) => filter !== null && canSeeFilter(filter, viewer)) as Filter[];
      },
    }),
    requestedAt: t.field({ type: 'DateTime', description: 'When it was asked for, UTC.', resolve: (run) => new Date(run.requestedAtMs) }),
    startedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When its first symbol was begun, UTC.',
      resolve: (run) => (run.startedAtMs === null ? null : new Date(run.startedAtMs)),
    }),
    finishedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it ended, UTC.',
      resolve: (run) => (run.finishedAtMs === null ? null : new Date(run.finishedAtMs)),
    }),
    durationMs: t.float({
      nullable: true,
      description: 'Milliseconds from start to end; null while it runs.',
      resolve: (run) => (run.startedAtMs === null || run.finishedAtMs === null ? null : run.finishedAtMs - run.startedAtMs),
    }),
    symbolsDone: t.exposeInt('symbolsDone', { description: 'Underlyings that are accounted for: scanned, failed or left out.' }),
    symbolsTotal: t.int({ description: 'Underlyings it is about.', resolve: (run) => run.symbols.length }),
    contracts: t.exposeFloat('contracts', { description: 'Option contracts evaluated.' }),
    candidates: t.exposeFloat('candidates', { description: 'Candidates the strategies made.' }),
    results: t.exposeFloat('results', { description: 'Results stored: new ones and changed ones.' }),
    duplicates: t.exposeFloat('duplicates', {
      description: 'Results left out because nothing had changed since the last one of the same filter and legs.',
    }),
    drops: t.field({ type: [ScanDropRef], description: 'What was left out, by stage and reason.', resolve: (run) => [...run.drops] }),
    failures: t.field({
      type: [ScanFailureRef],
      description: 'Underlyings that could not be scanned; at most 100.',
      resolve: (run) => [...run.failures],
    }),
  }),
});
