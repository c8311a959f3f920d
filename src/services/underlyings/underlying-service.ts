import type { Logger } from 'pino';
import { marketDaysOf } from '../../domain/analytics/market-days.ts';
import type { Underlying } from '../../domain/chain/underlying.ts';
import type { UnderlyingProfile } from '../../domain/chain/underlying-profile.ts';
import type { PricedChain } from '../../domain/pricing/priced-chain.ts';
import type { VolatilityRank } from '../../domain/volatility/volatility-rank.ts';
import type { Page } from '../paging/page.ts';
import type { PageRequest } from '../paging/page-request.ts';
import { createChainKeeper } from './chain-keeper.ts';
import type { UnderlyingStore, VolatilityDay } from './underlying-store.ts';
import type { VolatilityHistory } from './volatility-history.ts';

/** What is saved less than once in this time is not worth a statement of its own. */
const SAVE_INTERVAL_MS = 1_000;

/** Newest chains kept for queries: 2.5 to 4 MB for 20,000 contracts, so this bounds the memory by contracts. */
const KEPT_CONTRACTS = 400_000;

export interface UnderlyingServiceDeps {
  readonly store: UnderlyingStore;
  readonly history: VolatilityHistory;
  /** Called with a chain that nobody reads any more. */
  readonly release: (chain: PricedChain) => void;
  readonly log: Logger;
  readonly clock: () => number;
}

export interface UnderlyingService {
  /** Loads the volatility history. */
  start(): Promise<void>;
  /** Notes a scanned chain; it is saved within about a second and kept for queries. The columns must not change afterwards. To be followed by `letGo`. */
  scanned(chain: PricedChain, impliedVolatility30d: number): void;
  /** Whoever noted the chain does not read it any more: once it is not the newest, its columns may be used for another one. */
  letGo(chain: PricedChain): void;
  /** IV rank and percentile of a value on the market day of `quotedAtMs`. */
  rank(symbol: string, quotedAtMs: number, impliedVolatility30d: number): VolatilityRank;
  /** The newest chain of this process; null before its first scan, or when it made room for others. */
  latestChain(symbol: string): PricedChain | null;
  /** Those of these underlyings, or of all, the last used first. */
  latestChains(symbols?: readonly string[]): PricedChain[];
  /** As they are now, in no particular order; those never scanned are left out. */
  bySymbols(symbols: readonly string[]): Promise<Underlying[]>;
  /** In order of the symbol; the cursor is a symbol. */
  page(request: PageRequest): Promise<Page<Underlying>>;
  /** Saves what is not saved yet. */
  stop(): Promise<void>;
}

export function createUnderlyingService({ store, history, release, log, clock }: UnderlyingServiceDeps): UnderlyingService {
  const chains = createChainKeeper({ maximumContracts: KEPT_CONTRACTS, release });
  /** As last scanned by this process: newer than what is stored. */
  const latest = new Map<string, Underlying>();
  let unsaved = new Set<string>();
  /** By symbol and day: a recording can play several days between two saves. */
  let unsavedDays = new Map<string, VolatilityDay>();
  /** Those that a page of stored ones may lack: seen for the first time by this process, and not saved since. */
  const unlisted = new Set<string>();
  let timer: NodeJS.Timeout | null = null;
  let saving: Promise<void> = Promise.resolve();

  function marketDay(quotedAtMs: number): string {
    return new Date(quotedAtMs).toISOString().slice(0, 10);
  }

  async function save(): Promise<void> {
    const rows = [...unsaved].flatMap((symbol) => latest.get(symbol) ?? []);
    unsaved = new Set();
    const days = unsavedDays;
    unsavedDays = new Map();
    try {
      await store.save(rows, [...days.values()]);
      for (const row of rows) unlisted.delete(row.symbol);
    } catch (error) {
      log.warn({ err: error, count: rows.length }, 'underlyings could not be saved, trying again');
      for (const row of rows) unsaved.add(row.symbol);
      unsavedDays = new Map([...days, ...unsavedDays]);
      schedule();
    }
  }

  /** Quotes of a day on which the market is closed repeat those of the day before. */
  function recordDay({ symbol, kind }: UnderlyingProfile, quotedAtMs: number, impliedVolatility30d: number): void {
    const day = marketDay(quotedAtMs);
    if (!marketDaysOf(kind).isOpen(day)) return;
    const entry = { symbol, day, impliedVolatility30d };
    history.record(entry);
    unsavedDays.set(`${symbol} ${day}`, entry);
  }

  function schedule(): void {
    timer ??= setTimeout(() => {
      timer = null;
      saving = saving.then(save);
    }, SAVE_INTERVAL_MS);
  }

  return {
    async start() {
      history.load(await store.volatilityHistory());
    },
    scanned(chain, impliedVolatility30d) {
      const { underlying, quotedAtMs, underlyingPrice, size, expirations } = chain.snapshot;
      const known = Number.isFinite(impliedVolatility30d) ? impliedVolatility30d : null;
      chains.keep(chain);
      if (known !== null) recordDay(underlying, quotedAtMs, known);
      if (!latest.has(underlying.symbol)) unlisted.add(underlying.symbol);
      latest.set(underlying.symbol, {
        ...underlying,
        price: Number.isFinite(underlyingPrice) ? underlyingPrice : null,
        impliedVolatility30d: known,
        contracts: size,
        expirations: expirations.length,
        quotedAtMs,
        scannedAtMs: clock(),
      });
      unsaved.add(underlying.symbol);
      schedule();
    },
    letGo: chains.letGo,
    rank: (symbol, quotedAtMs, impliedVolatility30d) => history.rank(symbol, marketDay(quotedAtMs), impliedVolatility30d),
    latestChain: chains.newest,
    latestChains: chains.all,
    async bySymbols(symbols) {
      const unknown = symbols.filter((symbol) => !latest.has(symbol));
      const stored = unknown.length === 0 ? [] : await store.bySymbols(unknown);
      return [...stored, ...symbols.flatMap((symbol) => latest.get(symbol) ?? [])];
    },
    async page(request) {
      if (unlisted.size > 0) {
        saving = saving.then(save);
        await saving;
      }
      const page = await store.page(request);
      return { ...page, rows: page.rows.map((row) => latest.get(row.symbol) ?? row) };
    },
    async stop() {
      if (timer) clearTimeout(timer);
      timer = null;
      await saving;
      if (unsaved.size > 0) await save();
      if (timer) clearTimeout(timer);
    },
  };
}
