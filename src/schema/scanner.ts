import type { ScanRun } from '../domain/results/scan-run.ts';
import type { FailingSymbol, ScannerStatus } from '../services/scanner/scanner-status.ts';
import { builder } from './builder.ts';
import { ScannerStateEnum } from './enums.ts';
import { FilterRef } from './filter.ts';
import { ScanRunRef } from './scan-run.ts';

const FailingSymbolRef = builder.objectRef<FailingSymbol>('FailingSymbol').implement({
  description: 'An underlying that could not be scanned lately and backs off.',
  fields: (t) => ({
    symbol: t.exposeString('symbol', { description: 'Symbol of the underlying.' }),
    failures: t.exposeInt('failures', { description: 'Failures since the last success.' }),
    code: t.exposeString('code', { description: 'Stable code of the last error.' }),
    message: t.exposeString('message', { description: 'What was expected and what came.' }),
    nextAttemptAt: t.field({
      type: 'DateTime',
      description: 'When it is tried again, UTC.',
      resolve: (symbol) => new Date(symbol.nextAttemptAtMs),
    }),
  }),
});

const ScannerTotalsRef = builder.objectRef<ScannerStatus['totals']>('ScannerTotals').implement({
  description: 'Counts since the server process started.',
  fields: (t) => ({
    contracts: t.exposeFloat('contracts', { description: 'Option contracts evaluated.' }),
    candidates: t.exposeFloat('candidates', { description: 'Candidates the strategies made.' }),
    results: t.exposeFloat('results', { description: 'Results taken over for storage.' }),
    duplicates: t.exposeFloat('duplicates', { description: 'Results left out because nothing had changed.' }),
  }),
});

export const ScannerRef = builder.objectRef<ScannerStatus>('Scanner').implement({
  description: 'What the scanner of this server process does.',
  fields: (t) => ({
    state: t.expose('state', { type: ScannerStateEnum, description: 'What it does.' }),
    feed: t.exposeString('feedKind', { description: 'Where the chains come from: simulated, replay, deribit, cboe or tradier.' }),
    feedDescription: t.exposeString('feedDescription', { description: 'What is read, from where.' }),
    watchlist: t.stringList({ description: 'Underlyings scanned in cycles.', resolve: (scanner) => [...scanner.watchlist] }),
    minimumIntervalMs: t.exposeFloat('minimumIntervalMs', {
      description: 'Shortest time between two scans of one underlying, milliseconds.',
    }),
    concurrency: t.exposeInt('concurrency', { description: 'Most chains in hand at once.' }),
    cycle: t.expose('cycle', { type: ScanRunRef, nullable: true, description: 'The cycle that is going on.' }),
    lastCycle: t.expose('lastCycle', { type: ScanRunRef, nullable: true, description: 'The cycle that ended last.' }),
    requests: t.field({ type: [ScanRunRef], description: 'Requests that wait or go on.', resolve: (scanner) => [...scanner.requests] }),
    contractsPerSecond: t.exposeFloat('contractsPerSecond', {
      description: 'Option contracts evaluated per second, over the last ten seconds.',
    }),
    totals: t.expose('totals', { type: ScannerTotalsRef, description: 'Counts since the server process started.' }),
    failing: t.field({
      type: [FailingSymbolRef],
      description: 'Underlyings that back off after failures.',
      resolve: (scanner) => [...scanner.failing],
    }),
    pendingResults: t.exposeInt('pendingResults', { description: 'Results taken over and not yet stored.' }),
  }),
});

interface ScannerPayload {
  readonly scanner: ScannerStatus;
}

function scannerPayload(name: string, description: string) {
  return builder.objectRef<ScannerPayload>(name).implement({
    description,
    fields: (t) => ({ scanner: t.expose('scanner', { type: ScannerRef, description: 'The scanner as it is now.' }) }),
  });
}

export const ScannerStartPayload = scannerPayload('ScannerStartPayload', 'The scanner runs in cycles.');
export const ScannerStopPayload = scannerPayload(
  'ScannerStopPayload',
  'The scanner has ended its cycles; what was in hand has been finished.',
);

export const ScanRequestInput = builder.inputType('ScanRequestInput', {
  description: 'Underlyings to be scanned before everything else.',
  fields: (t) => ({
    symbols: t.stringList({ required: true, description: '1 to 100 underlyings of the feed.' }),
    filterIds: t.globalIDList({ for: [FilterRef], description: 'Only these enabled filters, at most 50; by default all.' }),
    idempotencyKey: t.string({
      description: 'Any text of yours, 1 to 255 characters: the same key again answers with the run it made, and makes no second one.',
    }),
  }),
});

export const ScanRequestPayload = builder.objectRef<{ readonly scanRun: ScanRun }>('ScanRequestPayload').implement({
  description: 'The request is queued.',
  fields: (t) => ({
    scanRun: t.expose('scanRun', { type: ScanRunRef, description: 'The run; query it again, or subscribe to `scanner`, to follow it.' }),
  }),
});
