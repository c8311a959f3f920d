import DataLoader from 'dataloader';
import { validate as isUuid } from 'uuid';
import type { Underlying } from '../domain/chain/underlying.ts';
import type { Filter } from '../domain/filters/filter.ts';
import type { Opportunity } from '../domain/opportunities/opportunity.ts';
import type { ScanResult } from '../domain/results/scan-result.ts';
import type { ScanRun } from '../domain/results/scan-run.ts';

/** Every to-one field goes through one of these: one statement per kind and tick, whatever the number of rows. */
export interface Loaders {
  readonly filter: DataLoader<string, Filter | null>;
  readonly underlying: DataLoader<string, Underlying | null>;
  readonly opportunity: DataLoader<string, Opportunity | null>;
  readonly scanRun: DataLoader<string, ScanRun | null>;
  readonly scanResult: DataLoader<string, ScanResult | null>;
}

export interface LoaderSources {
  readonly filters: { byIds(ids: readonly string[]): Promise<readonly Filter[]> };
  readonly underlyings: { bySymbols(symbols: readonly string[]): Promise<readonly Underlying[]> };
  readonly opportunities: { byIds(ids: readonly string[]): Promise<readonly Opportunity[]> };
  readonly scanRuns: { byIds(ids: readonly string[]): Promise<readonly ScanRun[]> };
  readonly results: { byIds(ids: readonly string[]): Promise<readonly ScanResult[]> };
}

/** New ones for each request and each event of a subscription: they remember what they loaded. Ids that cannot exist are answered without asking. */
export function createLoaders({ filters, underlyings, opportunities, scanRuns, results }: LoaderSources): Loaders {
  return {
    filter: loaderBy(isUuid, filters.byIds, (filter) => filter.id),
    underlying: loaderBy(
      (symbol) => symbol.length <= LONGEST_SYMBOL && !symbol.includes('\0'),
      underlyings.bySymbols,
      (underlying) => underlying.symbol,
    ),
    opportunity: loaderBy(isUuid, opportunities.byIds, (opportunity) => opportunity.id),
    scanRun: loaderBy(isUuid, scanRuns.byIds, (run) => run.id),
    scanResult: loaderBy(isUuid, results.byIds, (result) => result.id),
  };
}

const LONGEST_SYMBOL = 32;

function loaderBy<Row>(
  isKey: (key: string) => boolean,
  load: (keys: readonly string[]) => Promise<readonly Row[]>,
  keyOf: (row: Row) => string,
): DataLoader<string, Row | null> {
  return new DataLoader(async (keys) => {
    const possible = keys.filter(isKey);
    const rows = possible.length === 0 ? [] : await load(possible);
    const byKey = new Map(rows.map((row) => [keyOf(row), row]));
    return keys.map((key) => byKey.get(key) ?? null);
  });
}
