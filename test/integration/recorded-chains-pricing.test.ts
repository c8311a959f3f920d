/*
 * Prices against what the vendors of real recorded chains computed: out-of-the-money quotes, more than five days to expiration, forward from parity.
 * Runs when the recordings lie beside the repository, and says so when they do not.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { yearFraction } from '../../src/domain/calendar/year-fraction.ts';
import { CALL, type ChainSnapshot } from '../../src/domain/chain/chain-snapshot.ts';
import { black76Price } from '../../src/domain/pricing/black76.ts';
import { createChainPricer } from '../../src/domain/pricing/chain-pricer.ts';
import type { PricedChain } from '../../src/domain/pricing/priced-chain.ts';
import { decodeChain } from '../../src/services/market-data/decode/decode-chain.ts';

const CHAINS = new URL('../../../shared/data/chains/', import.meta.url);
const recorded = existsSync(CHAINS);
if (!recorded) console.warn('skipped: recorded-chains-pricing needs the recordings in ../shared/data/chains, which are not there');

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const SHORTEST_YEARS = 5 / 365;
const pricer = createChainPricer();

function decode(path: string): ChainSnapshot[] {
  const bytes = readFileSync(new URL(path, CHAINS));
  return decodeChain('auto', path.endsWith('.gz') ? gunzipSync(bytes) : bytes, path.replace(/\.gz$/, ''));
}

interface Errors {
  readonly volatility: number[];
  readonly delta: number[];
}

/** Ours less the vendor's, of every out-of-the-money row that both know. */
function errorsOf(chain: PricedChain, root: string | null): Errors {
  const { quotes, expirations } = chain.snapshot;
  const errors: Errors = { volatility: [], delta: [] };
  expirations.forEach((slice, index) => {
    const expiration = chain.expirations[index];
    if (expiration?.forwardSource !== 'PARITY' || expiration.yearFraction <= SHORTEST_YEARS) return;
    if (root !== null && slice.root !== root) return;
    for (let row = slice.start; row < slice.end; row++) {
      const strike = quotes.strike[row]!;
      if (quotes.right[row] === CALL ? strike < expiration.forward : strike > expiration.forward) continue;
      const volatility = chain.columns.impliedVolatility[row]! - quotes.vendorImpliedVolatility[row]!;
      const delta = chain.columns.delta[row]! - quotes.vendorDelta[row]!;
      if (!Number.isNaN(volatility)) errors.volatility.push(volatility);
      if (!Number.isNaN(delta) && !Number.isNaN(volatility)) errors.delta.push(delta);
    }
  });
  return errors;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN;
}

interface Figures {
  readonly count: number;
  readonly medianError: number;
  readonly low: number;
  readonly high: number;
}

function figuresOf(label: string, errors: readonly number[]): Figures {
  const figures = {
    count: errors.length,
    medianError: quantile(errors.map(Math.abs), 0.5),
    low: quantile(errors, 0.05),
    high: quantile(errors, 0.95),
  };
  const { count, medianError, low, high } = figures;
  console.info(`${label}: ${count} rows, median error ${medianError.toFixed(6)}, 5 % ${low.toFixed(6)}, 95 % ${high.toFixed(6)}`);
  return figures;
}

/**
 * What a vendor's volatilities tell about the terms it priced on. The files of 2019 name the day of the quotes but not the minute, which is not that of the close in most of them (see the
 * test of their index), and the vendor's clock differs by up to a day from file to file (a holiday's file counts from the evening before): near the money a volatility is too high by as much as the
 * time is too short, T·((ours/vendor's)² - 1). The mean of call and put does not depend on the forward; their difference tells whether the vendor
 * priced off another forward than that of parity.
 * @returns `apartMs`: how near the moments told by nine of ten expirations are to that of all
 */
function vendorTerms(chain: PricedChain, root: string): { clockMs: number; apartMs: number; sameForward: boolean } {
  const { quotes, expirations } = chain.snapshot;
  const missing: number[] = [];
  const gaps: number[] = [];
  expirations.forEach((slice, index) => {
    const expiration = chain.expirations[index];
    if (!expiration || slice.root !== root || expiration.yearFraction <= SHORTEST_YEARS || expiration.yearFraction > 0.2) return;
    const { forward, atTheMoneyVolatility, yearFraction: years } = expiration;
    const calls: number[] = [];
    const puts: number[] = [];
    for (let row = slice.start; row < slice.end; row++) {
      if (Math.abs(Math.log(quotes.strike[row]! / forward)) > atTheMoneyVolatility * Math.sqrt(years)) continue;
      const ratio = chain.columns.impliedVolatility[row]! / quotes.vendorImpliedVolatility[row]!;
      if (!Number.isNaN(ratio)) (quotes.right[row] === CALL ? calls : puts).push(ratio * ratio - 1);
    }
    if (calls.length < 4 || puts.length < 4) return;
    missing.push(0.5 * years * (quantile(calls, 0.5) + quantile(puts, 0.5)));
    gaps.push(Math.abs(quantile(calls, 0.5) - quantile(puts, 0.5)));
  });
  const missingYears = quantile(missing, 0.5);
  return {
    clockMs: chain.snapshot.quotedAtMs - missingYears * 365 * DAY_MS,
    apartMs:
      quantile(
        missing.map((years) => Math.abs(years - missingYears)),
        0.9,
      ) *
      365 *
      DAY_MS,
    sameForward: quantile(gaps, 0.5) < 0.02,
  };
}

function add(errors: Errors, { volatility, delta }: Errors): void {
  errors.volatility.push(...volatility);
  errors.delta.push(...delta);
}

/** Closes of SPY, US dollars, by date. */
function spyCloses(): Map<string, number> {
  const lines = readFileSync(new URL('../events/spy_daily_lean.csv', CHAINS), 'utf8').trim().split('\n').slice(1);
  return new Map(lines.map((line) => [line.split(',')[0]!, Number(line.split(',')[4])]));
}

describe.skipIf(!recorded)('recorded chains', () => {
  test('SPX, twelve days of 2019: some files were taken in the course of the day, not at its close', () => {
    // SPY is a tenth of the index, less what it has not yet paid out: at the closes of these weeks the index is 9.99 to 10.02 times SPY.
    const closes = spyCloses();
    const ratios = readdirSync(new URL('spx-2019/', CHAINS)).flatMap((file) => {
      const date = file.slice(4, 12);
      const close = closes.get(date);
      return close === undefined ? [] : [[date, decode(`spx-2019/${file}`)[0]!.underlyingPrice / close] as const];
    });
    console.info(`SPX of the files by the close of SPY: ${ratios.map(([date, ratio]) => `${date} ${ratio.toFixed(4)}`).join(', ')}`);
    expect(ratios).toHaveLength(11);
    const apart = ratios.filter(([, ratio]) => ratio < 9.985 || ratio > 10.03).map(([date]) => date);
    expect(apart).toEqual(['20190501', '20190506', '20190523', '20190528']);
  });

  test('SPXW, twelve days of 2019: volatility and delta of the vendor', () => {
    const asRecorded: Errors = { volatility: [], delta: [] };
    const onVendorsClock: Errors = { volatility: [], delta: [] };
    const apart: number[] = [];
    /** Of the files whose forward both know. */
    const onSameForward: Errors = { volatility: [], delta: [] };
    for (const file of readdirSync(new URL('spx-2019/', CHAINS)).sort()) {
      const [snapshot] = decode(`spx-2019/${file}`);
      const chain = pricer.price(snapshot!);
      add(asRecorded, errorsOf(chain, 'SPXW'));
      const { clockMs, apartMs, sameForward } = vendorTerms(chain, 'SPXW');
      const again = errorsOf(pricer.price(snapshot!, clockMs), 'SPXW');
      add(onVendorsClock, again);
      if (!sameForward) {
        console.info(`${file}: the vendor's calls and puts disagree, it priced off another forward than parity's`);
        continue;
      }
      add(onSameForward, again);
      apart.push(apartMs);
    }
    // Expirations of one week and of ten tell the same moment: it is a clock, and nothing made to fit. An hour is a tenth of a percent of six weeks.
    console.info(`moments told by the expirations of a file: within ${(Math.max(...apart) / HOUR_MS).toFixed(2)} hours`);
    expect(apart).toHaveLength(9);
    expect(Math.max(...apart)).toBeLessThan(2 * HOUR_MS);
    const recordedVolatility = figuresOf('SPXW 2019 volatility, quotes taken as of 16:00 New York', asRecorded.volatility);
    const recordedDelta = figuresOf('SPXW 2019 delta, quotes taken as of 16:00 New York', asRecorded.delta);
    const volatility = figuresOf("SPXW 2019 volatility, on the vendor's clock", onVendorsClock.volatility);
    const delta = figuresOf("SPXW 2019 delta, on the vendor's clock", onVendorsClock.delta);
    const sameVolatility = figuresOf("SPXW 2019 volatility, on the vendor's clock, of one forward", onSameForward.volatility);
    expect(recordedVolatility.count).toBeGreaterThan(40_000);
    expect(recordedVolatility.medianError).toBeLessThanOrEqual(0.0005);
    expect(volatility.count).toBeGreaterThan(45_000);
    expect(volatility.medianError).toBeLessThanOrEqual(0.0005);
    for (const figures of [recordedDelta, volatility, delta]) {
      expect(figures.low).toBeGreaterThanOrEqual(-0.002);
      expect(figures.high).toBeLessThanOrEqual(0.002);
    }
    expect(sameVolatility.count).toBeGreaterThan(35_000);
    expect(sameVolatility.medianError).toBeLessThanOrEqual(0.0001);
    expect(sameVolatility.low).toBeGreaterThanOrEqual(-0.0005);
    expect(sameVolatility.high).toBeLessThanOrEqual(0.0005);
  });

  test('RUT, September 2023: volatility of the vendor', () => {
    const [snapshot] = decode('cboe/rut-2023-09-20.json.gz');
    // The file was fetched in the evening; the decoder dates its quotes by the newest trade, at the close.
    expect(new Date(snapshot!.quotedAtMs).toISOString()).toBe('2023-09-20T20:15:04.000Z');
    const priced = pricer.price(snapshot!);
    const volatility = figuresOf('RUT 2023-09-20 volatility', errorsOf(priced, null).volatility);
    figuresOf('RUT 2023-09-20 delta', errorsOf(priced, null).delta);
    expect(volatility.count).toBeGreaterThan(1_500);
    expect(volatility.medianError).toBeLessThanOrEqual(0.001);
  });

  test('Deribit, twenty days of 2026: the mark in coin is Black-76 on the stated forward without interest', () => {
    const errors: number[] = [];
    for (const file of readdirSync(new URL('deribit/', CHAINS)).sort()) {
      for (const { quotes, expirations, quotedAtMs } of decode(`deribit/${file}`)) {
        for (const { start, end, expiresAtMs, vendorForward } of expirations) {
          const years = yearFraction(quotedAtMs, expiresAtMs);
          if (years <= SHORTEST_YEARS) continue;
          for (let row = start; row < end; row++) {
            if (quotes.right[row] === CALL ? quotes.strike[row]! < vendorForward : quotes.strike[row]! > vendorForward) continue;
            const price = black76Price(
              quotes.right[row] === CALL ? 0 : 1,
              vendorForward,
              quotes.strike[row]!,
              years,
              quotes.vendorImpliedVolatility[row]!,
              1,
            );
            const error = price / vendorForward - quotes.original!.mark[row]!;
            if (!Number.isNaN(error)) errors.push(error);
          }
        }
      }
    }
    figuresOf('Deribit mark, coin', errors);
    const worst = Math.max(...errors.map(Math.abs));
    const inside = errors.filter((error) => Math.abs(error) <= 2e-4).length / errors.length;
    console.info(`Deribit mark: ${(100 * inside).toFixed(3)} % within 2e-4 coin, largest error ${worst.toExponential(2)}`);
    expect(errors.length).toBeGreaterThan(12_000);
    expect(inside).toBe(1);
  });
});
