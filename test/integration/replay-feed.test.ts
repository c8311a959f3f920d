import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChainSnapshot } from '../../src/domain/chain/chain-snapshot.ts';
import { createDecodeWorker } from '../../src/services/market-data/decode/decode-worker.ts';
import {
  FeedEndedError,
  FeedMalformedError,
  FeedUnavailableError,
  UnknownUnderlyingError,
} from '../../src/services/market-data/feed-errors.ts';
import type { MarketDataFeed } from '../../src/services/market-data/market-data-feed.ts';
import { createReplayFeed, type ReplayFeedDeps } from '../../src/services/market-data/replay/replay-feed.ts';

const HEADER = 'quoted_at,underlying,expiration,strike,right,bid,ask';
const OPEN_MS = Date.UTC(2026, 6, 15, 14);
const MINUTE_MS = 60_000;

const decodeWorker = createDecodeWorker();
const signal = new AbortController().signal;
const feeds: MarketDataFeed[] = [];
let folder: string;

/** A line per moment (minutes after the opening); the bid tells the moment. */
function recorded(symbol: string, ...minutes: number[]): string {
  const lines = minutes.map(
    (minute) => `${new Date(OPEN_MS + minute * MINUTE_MS).toISOString()},${symbol},2026-08-21,100,C,${minute + 1},${minute + 2}`,
  );
  return `${[HEADER, ...lines].join('\n')}\n`;
}

async function write(name: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(folder, name)), { recursive: true });
  await writeFile(join(folder, name), content);
}

async function started(deps: Partial<ReplayFeedDeps> = {}): Promise<MarketDataFeed> {
  const feed = createReplayFeed({ path: folder, speed: 'step', loop: false, clock: () => 0, decodeWorker, ...deps });
  feeds.push(feed);
  await feed.start(signal);
  return feed;
}

/** Minutes after the opening. */
function minuteOf({ quotedAtMs }: ChainSnapshot): number {
  return (quotedAtMs - OPEN_MS) / MINUTE_MS;
}

async function playToEnd(feed: MarketDataFeed, symbol: string): Promise<number[]> {
  const minutes: number[] = [];
  for (;;) {
    try {
      minutes.push(minuteOf(await feed.fetchChain(symbol, signal)));
    } catch (error) {
      if (error instanceof FeedEndedError) return minutes;
      throw error;
    }
  }
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'strikewire-replay-'));
});

afterEach(async () => {
  await Promise.all(feeds.splice(0).map((feed) => feed.stop()));
  await rm(folder, { recursive: true });
});

afterAll(() => decodeWorker.stop());

describe('a replay feed', () => {
  it.each(['step', 60] as const)('begins anew when it is rewound at its end (speed %s)', async (speed) => {
    await write('spx.csv', recorded('SPX', 0, 5));
    let nowMs = 0;
    const feed = await started({ speed, clock: () => nowMs });
    expect(minuteOf(await feed.fetchChain('SPX', signal))).toBe(0);
    nowMs += 60 * MINUTE_MS;
    expect(await playToEnd(feed, 'SPX')).toEqual([5]);
    feed.rewind?.();
    expect(minuteOf(await feed.fetchChain('SPX', signal))).toBe(0);
    nowMs += 60 * MINUTE_MS;
    expect(await playToEnd(feed, 'SPX')).toEqual([5]);
  });

  it('plays all files of a folder, packed or not, in the order of their times, each moment once', async () => {
    await write('z/first.csv', recorded('SPX', 0, 5));
    await write('a.csv.gz', gzipSync(recorded('SPX', 20, 10)));
    await write('m.csv', recorded('RUT', 7));
    await write('plain.csv.gz', recorded('SPX', 15));
    const feed = await started();
    expect((await feed.listUnderlyings(signal)).map(({ symbol }) => symbol)).toEqual(['RUT', 'SPX']);
    expect(await playToEnd(feed, 'SPX')).toEqual([0, 5, 10, 15, 20]);
    expect(await playToEnd(feed, 'RUT')).toEqual([7]);
  });

  it('hands over chains as they were recorded', async () => {
    await write('a.csv', recorded('SPX', 3));
    const chain = await (await started()).fetchChain('SPX', signal);
    expect(chain).toMatchObject({ size: 1, quotedAtMs: OPEN_MS + 3 * MINUTE_MS, underlying: { symbol: 'SPX', kind: 'INDEX' } });
    expect([chain.quotes.bid[0], chain.quotes.ask[0]]).toEqual([4, 5]);
  });

  it('follows the clock, all symbols together', async () => {
    await write('a.csv', recorded('SPX', 0, 5, 10));
    await write('b.csv', recorded('RUT', 0, 6));
    let nowMs = 50_000;
    const feed = await started({ speed: 60, clock: () => nowMs });
    const minutes = async () => [minuteOf(await feed.fetchChain('SPX', signal)), minuteOf(await feed.fetchChain('RUT', signal))];
    expect(await minutes()).toEqual([0, 0]);
    expect(await minutes()).toEqual([0, 0]);
    nowMs += 5000;
    expect(await minutes()).toEqual([5, 0]);
    nowMs += 1000;
    expect(await minutes()).toEqual([5, 6]);
    nowMs += 4000;
    expect(await minutes()).toEqual([10, 6]);
    nowMs += 4000;
    await expect(feed.fetchChain('SPX', signal)).rejects.toThrow(FeedEndedError);
  });

  it('begins anew with the times of the recording when looping', async () => {
    await write('a.csv', recorded('SPX', 0, 5));
    const feed = await started({ loop: true });
    const minutes: number[] = [];
    for (let i = 0; i < 5; i++) minutes.push(minuteOf(await feed.fetchChain('SPX', signal)));
    expect(minutes).toEqual([0, 5, 0, 5, 0]);
  });

  it('gives each of several fetches at once a moment of its own', async () => {
    await write('a.csv', recorded('SPX', 0, 1, 2, 3));
    const feed = await started();
    const chains = await Promise.all([1, 2, 3, 4].map(() => feed.fetchChain('SPX', signal)));
    expect(chains.map(minuteOf)).toEqual([0, 1, 2, 3]);
  });

  it('keeps a moment that nobody waited for', async () => {
    await write('a.csv', recorded('SPX', 0, 1));
    const feed = await started();
    const giveUp = new AbortController();
    const given = feed.fetchChain('SPX', giveUp.signal);
    giveUp.abort(new Error('too late'));
    await expect(given).rejects.toThrow('too late');
    await expect(feed.fetchChain('SPX', giveUp.signal)).rejects.toThrow('too late');
    expect(await playToEnd(feed, 'SPX')).toEqual([0, 1]);
  });

  it('keeps a moment that was given up while it was read', async () => {
    await write('a.csv', recorded('SPX', 0, 1));
    const giveUp = new AbortController();
    const feed = await started({
      decodeWorker: {
        ...decodeWorker,
        decode(...request) {
          giveUp.abort(new Error('too late'));
          return decodeWorker.decode(...request);
        },
      },
    });
    await expect(feed.fetchChain('SPX', giveUp.signal)).rejects.toThrow('too late');
    expect(await playToEnd(feed, 'SPX')).toEqual([0, 1]);
  });

  it('passes over what is no recording, and data beside one', async () => {
    await write('a.csv', recorded('SPX', 0));
    await write('README.md', '# Data');
    await write('empty.csv', '');
    await write('log.gz', gzipSync('just text'));
    await write('goog_trade.csv', 'ts_et,root,expiry\r\n2015-12-24T10:57:00,GOOG,20170120\r\n');
    const logged: unknown[] = [];
    const log = { info: (fields: unknown) => logged.push(fields) } as unknown as NonNullable<ReplayFeedDeps['log']>;
    const feed = await started({ log });
    expect(await playToEnd(feed, 'SPX')).toEqual([0]);
    expect(logged).toEqual([expect.objectContaining({ files: 1, sideFiles: 1, unknownFiles: 3, underlyings: 1, moments: 1 })]);
  });

  it.each([
    [
      'a file with a column missing',
      'bad.csv',
      HEADER.replace(',strike', ''),
      /^bad\.csv, line 1, field strike: expected a column of this name/,
    ],
    [
      'a file that is cut off',
      'sub/cut.csv.gz',
      gzipSync(recorded('SPX', 1, 2, 3)).subarray(0, 90),
      /^sub\/cut\.csv\.gz: expected a complete gzip stream/,
    ],
    [
      'a file without a price',
      'zero.csv',
      `${HEADER}\n2026-07-15T14:00:00Z,SPX,2026-08-21,100,C,0,0\n`,
      /^zero\.csv, field bid, ask, last, mark: expected a price/,
    ],
  ])('does not start on %s, and names it', async (_, name, content, message) => {
    await write('good.csv', recorded('SPX', 0));
    await write(name, content);
    const start = started();
    await expect(start).rejects.toThrow(FeedMalformedError);
    await expect(start).rejects.toThrow(message);
  });

  it.each([
    ['a path with nothing there', 'none', /none: expected a recorded file or a folder of them, found nothing to read/],
    ['a folder without recordings', 'docs', /docs: expected a file in one of the formats .*, found none in 1 files/],
    ['a file of another kind', 'docs/a.txt', /docs\/a\.txt, line 1: expected the beginning of one of the formats .*, found "hello"/],
    ['an empty file', 'empty.csv', /empty\.csv, line 1: expected the beginning of .*, found an empty file/],
    ['a side file', 'side.csv', /side\.csv, line 1: .*, found data that goes with a recording, but no chain/],
  ])('does not start on %s', async (_, name, message) => {
    await write('docs/a.txt', 'hello\nworld');
    await write('empty.csv', '');
    await write('side.csv', 'ts_et,open\n');
    const start = started({ path: join(folder, name) });
    await expect(start).rejects.toThrow(FeedMalformedError);
    await expect(start).rejects.toThrow(message);
  });

  it('says which underlyings it has when asked for another', async () => {
    await write('a.csv', recorded('SPX', 0));
    const fetched = (await started()).fetchChain('NDX', signal);
    await expect(fetched).rejects.toThrow(UnknownUnderlyingError);
    await expect(fetched).rejects.toThrow(/expected one of SPX, .*got NDX/);
  });

  it('fails a fetch when its file has gone, and goes on when it is back', async () => {
    await write('a.csv', recorded('SPX', 0));
    await write('b.csv', recorded('SPX', 1));
    const feed = await started();
    await rm(join(folder, 'a.csv'));
    await expect(feed.fetchChain('SPX', signal)).rejects.toThrow(FeedUnavailableError);
    await write('a.csv', recorded('SPX', 30));
    await expect(feed.fetchChain('SPX', signal)).rejects.toThrow(
      /^a\.csv: expected the chain of SPX at .*, found none: the file has changed/,
    );
    await write('a.csv', recorded('SPX', 0));
    expect(await playToEnd(feed, 'SPX')).toEqual([0, 1]);
  });

  it('serves nothing before its start and after its stop', async () => {
    await write('a.csv', recorded('SPX', 0));
    const early = createReplayFeed({ path: folder, speed: 1, loop: true, clock: () => 0, decodeWorker });
    await expect(early.fetchChain('SPX', signal)).rejects.toThrow(FeedUnavailableError);
    const feed = await started();
    await feed.stop();
    await feed.stop();
    await expect(feed.fetchChain('SPX', signal)).rejects.toThrow(FeedUnavailableError);
    await expect(feed.listUnderlyings(signal)).rejects.toThrow(FeedUnavailableError);
  });

  it('gives up its start when told to', async () => {
    await write('a.csv', recorded('SPX', 0));
    const feed = createReplayFeed({ path: folder, speed: 1, loop: true, clock: () => 0, decodeWorker });
    await expect(feed.start(AbortSignal.abort(new Error('never mind')))).rejects.toThrow('never mind');
  });
});

const recordings = fileURLToPath(new URL('../../../shared/data/chains/', import.meta.url));
const isThere = existsSync(recordings);
if (!isThere) console.warn(`skipped: replay of the recorded chains, which are not at ${recordings}`);

describe.skipIf(!isThere)('a replay of the recorded chains', () => {
  it.each([
    ['spx-2019', { SPX: 12 }, 159_328],
    ['deribit', { BTC: 20, ETH: 20 }, 31_346],
    ['cboe', { RUT: 1, SPX: 1 }, 25_212],
    ['goog-2015-12-24/goog_20151224_chain_5min_ffill.csv.gz', { GOOG: 42 }, 91_888],
  ])('plays %s to its end', async (name, momentsBySymbol, contracts) => {
    const feed = await started({ path: join(recordings, name) });
    const symbols = (await feed.listUnderlyings(signal)).map(({ symbol }) => symbol);
    expect(symbols).toEqual(Object.keys(momentsBySymbol));
    let played = 0;
    for (const [symbol, moments] of Object.entries(momentsBySymbol)) {
      const times: number[] = [];
      for (let i = 0; i < moments; i++) {
        const chain = await feed.fetchChain(symbol, signal);
        played += chain.size;
        times.push(chain.quotedAtMs);
      }
      expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
      await expect(feed.fetchChain(symbol, signal)).rejects.toThrow(FeedEndedError);
    }
    expect(played).toBe(contracts);
  });

  it('does not start on the folder with the AAPL of zeros, and names it', async () => {
    await expect(started({ path: join(recordings, 'goog-2015-12-24') })).rejects.toThrow(
      /^aapl_20140606\.csv, field close: expected a price/,
    );
  });
});
