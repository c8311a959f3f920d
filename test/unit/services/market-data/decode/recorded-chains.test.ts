import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { ChainSnapshot } from '../../../../../src/domain/chain/chain-snapshot.ts';
import { decodeChain } from '../../../../../src/services/market-data/decode/decode-chain.ts';
import { quotesBySymbol } from './quotes-by-symbol.ts';

const folder = fileURLToPath(new URL('../../../../../../shared/data/chains/', import.meta.url));
const isThere = existsSync(folder);
if (!isThere) console.warn(`skipped: decoding of the recorded chains, which are not at ${folder}`);

function read(name: string): { chains: ChainSnapshot[]; lines: string[][]; text: string } {
  const bytes = readFileSync(folder + name);
  const plain = name.endsWith('.gz') ? gunzipSync(bytes) : bytes;
  const text = plain.toString();
  // None of these files has a quoted field below its header: splitting is an independent witness.
  return {
    chains: decodeChain('auto', plain, name),
    lines: text
      .trimEnd()
      .split(/\r?\n/)
      .map((line) => line.split(',')),
    text,
  };
}

function dropCounts({ drops }: ChainSnapshot): Record<string, number> {
  return Object.fromEntries(drops.map(({ reason, count }) => [reason, count]));
}

/** A price as the files mean it: none when it is empty or 0. */
function price(text: string | undefined): number | undefined {
  return Number(text) > 0 ? Number(text) : undefined;
}

describe.skipIf(!isThere)('the recorded chains', () => {
  it('hold 6,680 contracts of RUT and RUTW, of which 338 expired that day', () => {
    const { chains, text } = read('cboe/rut-2023-09-20.json.gz');
    const [chain] = chains;
    const { options } = (JSON.parse(text) as { data: { options: { option: string; bid: number; ask: number; iv: number }[] } }).data;
    expect(options).toHaveLength(6680);
    expect(chain).toMatchObject({ size: 6342, underlyingPrice: 1806.1193 });
    expect(dropCounts(chain!)).toEqual({ expired: 338 });
    const quotes = quotesBySymbol(chain!);
    const mistaken = options.filter(({ option, bid, ask, iv }) => {
      const quote = quotes[option];
      if (!quote) return !option.startsWith('RUTW230920');
      return quote.bid !== (bid || undefined) || quote.ask !== (ask || undefined) || quote.vendorImpliedVolatility !== (iv || undefined);
    });
    expect(mistaken).toEqual([]);
  });

  it('hold 19,156 contracts of SPX and SPXW, of which 286 expired that day', () => {
    const { chains, lines } = read('cboe/spx-2022-12-12.csv.gz');
    const [chain] = chains;
    expect(chain!.size).toBe(18_870);
    expect(dropCounts(chain!)).toEqual({ expired: 286 });
    expect(new Set(chain!.expirations.map(({ date }) => date)).size).toBe(50);
    const quotes = quotesBySymbol(chain!);
    const sides = lines.slice(4).flatMap((line) => [line.slice(1, 11), line.slice(12)].map((side) => ({ expiration: line[0], side })));
    expect(sides).toHaveLength(19_156);
    const mistaken = sides.filter(({ expiration, side: [symbol, last, , bid, ask, volume, , , , openInterest] }) => {
      const quote = quotes[symbol!];
      if (!quote) return expiration !== 'Mon Dec 12 2022';
      const isPriceRight = quote.bid === price(bid) && quote.ask === price(ask) && quote.last === price(last);
      return !isPriceRight || quote.volume !== Number(volume) || quote.openInterest !== Number(openInterest);
    });
    expect(mistaken).toEqual([]);
  });

  it('hold twelve days of SPX, about 13,500 contracts each, all there but those settled by the close', () => {
    const names = readdirSync(`${folder}spx-2019`).sort();
    expect(names).toHaveLength(12);
    for (const name of names) {
      const { chains, lines } = read(`spx-2019/${name}`);
      const [chain] = chains;
      const { expired = 0, ...otherDrops } = dropCounts(chain!);
      expect(chains).toHaveLength(1);
      expect(otherDrops).toEqual({});
      expect(chain!.size + expired).toBe(lines.length - 1);
      expect(lines.slice(1).filter((line) => line[5] === line[6])).toHaveLength(expired);
      // Comparing 160,000 contracts one by one takes seconds: three days stand for all.
      if (!/0425|0506|0527/.test(name)) continue;
      const quotes = quotesBySymbol(chain!);
      const mistaken = lines.slice(1).filter((line) => {
        const quote = quotes[line[3]!];
        if (!quote) return line[5] !== line[6];
        return quote.bid !== price(line[10]) || quote.ask !== price(line[11]) || quote.vendorDelta !== (Number(line[15]) || undefined);
      });
      expect(mistaken).toEqual([]);
    }
  });

  it('hold twenty days of BTC and ETH, with coin and dollars side by side', () => {
    const names = readdirSync(`${folder}deribit`).sort();
    expect(names).toHaveLength(20);
    for (const name of names) {
      const { chains, lines } = read(`deribit/${name}`);
      expect(chains.map(({ underlying }) => underlying.symbol)).toEqual(['BTC', 'ETH']);
      expect(chains.map(dropCounts)).toEqual([{}, {}]);
      expect(chains[0]!.size + chains[1]!.size).toBe(lines.length - 1);
      const quotes = { ...quotesBySymbol(chains[0]!), ...quotesBySymbol(chains[1]!) };
      const mistaken = lines.slice(1).filter(([, , , instrument, , , , mark, bid, , iv, , , , , , , forward]) => {
        const quote = quotes[instrument!]!;
        // The lines of one expiration differ in their forward by up to 0.011 %.
        const isMarkRight =
          Number(mark) === 0 ? quote.vendorMark === undefined : Math.abs(quote.vendorMark! / (Number(mark) * Number(forward)) - 1) < 2e-4;
        return !isMarkRight || (quote.bid === undefined) === Number(bid) > 0 || quote.vendorImpliedVolatility !== Number(iv) / 100;
      });
      expect(mistaken).toEqual([]);
      for (const { quotes: columns, expirations } of chains) {
        for (const { start, end, vendorForward } of expirations) {
          expect(columns.ask.slice(start, end)).toEqual(columns.original!.ask.slice(start, end).map((ask) => ask * vendorForward));
        }
      }
    }
  });

  it('hold 42 moments of GOOG, 92,064 rows, of which 176 expire with the last moment', () => {
    const { chains, lines } = read('goog-2015-12-24/goog_20151224_chain_5min_ffill.csv.gz');
    expect(chains).toHaveLength(42);
    expect(lines).toHaveLength(92_065);
    expect(chains.slice(0, -1).every(({ size, drops }) => size === 2192 && drops.length === 0)).toBe(true);
    expect(chains.at(-1)!.size).toBe(2016);
    expect(dropCounts(chains.at(-1)!)).toEqual({ expired: 176 });
    const quotes = quotesBySymbol(chains[7]!);
    const ofMoment = lines.filter(([time]) => time === '2015-12-24T10:10:00');
    expect(ofMoment).toHaveLength(2192);
    const mistaken = ofMoment.filter((line) => {
      const quote = quotes[`GOOG${line[1]!.slice(2)}${line[2]}${String(Number(line[3]) * 1000).padStart(8, '0')}`]!;
      return (
        quote.bid !== price(line[4]) ||
        quote.ask !== price(line[6]) ||
        quote.bidSize !== Number(line[5]) ||
        quote.askSize !== Number(line[7])
      );
    });
    expect(mistaken).toEqual([]);
  });

  it('hold three closings of GOOG and an AAPL of zeros, which is refused', () => {
    expect(read('goog-2015-12-24/goog_20151223.csv').chains[0]!.size).toBe(2192);
    expect(read('goog-2015-12-24/goog_20151224.csv').chains[0]!.size).toBe(2016);
    expect(read('goog-2015-12-24/goog_20151228.csv').chains[0]).toMatchObject({ size: 2016, underlyingPrice: 762.51 });
    expect(() => read('goog-2015-12-24/aapl_20140606.csv')).toThrow(
      'goog-2015-12-24/aapl_20140606.csv, field close: expected a price in at least one record, found none in all 2180',
    );
  });
});
