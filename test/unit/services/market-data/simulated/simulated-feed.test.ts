import { describe, expect, it } from 'vitest';
import { UnknownUnderlyingError } from '../../../../../src/services/market-data/feed-errors.ts';
import { aSimulatedFeed, FRIDAY_NOON } from './a-simulated-feed.ts';
import { snapshotBytes } from './snapshot-bytes.ts';

const SYMBOLS = ['SPX', 'SPY', 'AAPL', 'BTC', 'TLT'];
const MOMENTS = [FRIDAY_NOON, FRIDAY_NOON + 1000, FRIDAY_NOON + 7 * 3_600_000, FRIDAY_NOON + 3 * 86_400_000];

async function run(seed: number): Promise<Buffer[]> {
  const { chain } = aSimulatedFeed({ seed });
  const chains: Buffer[] = [];
  for (const moment of MOMENTS) for (const symbol of SYMBOLS) chains.push(snapshotBytes(await chain(symbol, moment)));
  return chains;
}

describe('the same seed', () => {
  it('gives the same chains to the byte, another seed others', async () => {
    const [first, second, other] = await Promise.all([run(1), run(1), run(2)]);
    for (const [i, bytes] of first.entries()) {
      expect(bytes.equals(second[i]!)).toBe(true);
      expect(bytes.equals(other[i]!)).toBe(false);
    }
  });

  it('gives the same chains whatever was asked before, in whatever order, also at once', async () => {
    const expected = new Map(
      (await run(1)).map((bytes, i) => [`${MOMENTS[Math.floor(i / SYMBOLS.length)]} ${SYMBOLS[i % SYMBOLS.length]}`, bytes]),
    );
    const { chain } = aSimulatedFeed({ underlyings: 20 });
    for (const symbol of ['QQQ', 'AAPL', 'SPX']) await chain(symbol, FRIDAY_NOON + 40 * 86_400_000);
    for (let i = 0; i < 50; i++) await chain('AAPL', FRIDAY_NOON - 3_600_000 + i * 61_000);
    for (const moment of MOMENTS.toReversed()) {
      const chains = await Promise.all(SYMBOLS.toReversed().flatMap((symbol) => [chain(symbol, moment), chain(symbol, moment)]));
      for (const snapshot of chains) {
        expect(snapshotBytes(snapshot).equals(expected.get(`${moment} ${snapshot.underlying.symbol}`)!)).toBe(true);
      }
    }
  });

  it('keeps two chains of one underlying apart that are made at the same time', async () => {
    const [early, late] = MOMENTS as [number, number];
    const alone = [await aSimulatedFeed().chain('SPX', early), await aSimulatedFeed().chain('SPX', late)].map(snapshotBytes);
    const { chain } = aSimulatedFeed();
    const together = (await Promise.all([chain('SPX', early), chain('SPX', late)])).map(snapshotBytes);
    expect(together.map((bytes, i) => bytes.equals(alone[i]!))).toEqual([true, true]);
  });

  it('leaves a chain alone once it is handed out', async () => {
    const { chain } = aSimulatedFeed();
    const snapshot = await chain('AAPL');
    const before = snapshotBytes(snapshot);
    await chain('AAPL', FRIDAY_NOON + 60_000);
    expect(snapshotBytes(snapshot).equals(before)).toBe(true);
  });
});

describe('the feed', () => {
  it('refuses an underlying it does not have, by name', async () => {
    await expect(aSimulatedFeed({ underlyings: 3 }).chain('RUT')).rejects.toThrow(UnknownUnderlyingError);
    await expect(aSimulatedFeed({ underlyings: 3 }).chain('RUT')).rejects.toThrow(/3 simulated underlyings, got RUT/);
  });

  it('says that its prices are invented', () => {
    expect(aSimulatedFeed({ seed: 42, underlyings: 7 }).feed.description).toMatch(/^simulated market, 7 underlyings, seed 42: invented/);
  });

  it('has as many underlyings as asked for', async () => {
    expect(await aSimulatedFeed().symbols()).toHaveLength(40);
    const symbols = await aSimulatedFeed({ underlyings: 120 }).symbols();
    expect(symbols).toHaveLength(120);
    expect((await aSimulatedFeed({ underlyings: 120 }).chain(symbols[119]!)).size).toBeGreaterThan(200);
  });

  it('rejects with the reason of a signal that is aborted already', async () => {
    const reason = new Error('enough');
    const { feed } = aSimulatedFeed();
    const aborted = AbortSignal.abort(reason);
    await expect(feed.fetchChain('SPX', aborted)).rejects.toBe(reason);
    await expect(feed.listUnderlyings(aborted)).rejects.toBe(reason);
    await expect(feed.start(aborted)).rejects.toBe(reason);
  });

  it('stops half way through a chain when its signal is aborted, and makes the next one whole', async () => {
    const { feed, chain } = aSimulatedFeed();
    const reason = new Error('enough');
    const controller = new AbortController();
    const fetching = feed.fetchChain('SPX', controller.signal);
    setImmediate(() => controller.abort(reason));
    await expect(fetching).rejects.toBe(reason);
    expect(snapshotBytes(await chain('SPX')).equals(snapshotBytes(await aSimulatedFeed().chain('SPX')))).toBe(true);
  });

  it('lets the event loop turn while it makes a long chain, and between short ones', async () => {
    const { chain } = aSimulatedFeed();
    await Promise.all([chain('SPX'), chain('TLT')]);
    expect(await turnsDuring(() => chain('SPX', FRIDAY_NOON + 1000))).toBeGreaterThanOrEqual(3);
    const short = async (): Promise<void> => {
      for (let second = 1; second <= 10; second++) await chain('TLT', FRIDAY_NOON + second * 1000);
    };
    expect(await turnsDuring(short)).toBeGreaterThanOrEqual(10);
  });

  it('starts and stops, more than once', async () => {
    const { feed } = aSimulatedFeed();
    await feed.start(new AbortController().signal);
    await feed.stop();
    await expect(feed.stop()).resolves.toBeUndefined();
  });
});

async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let done = false;
  const count = (): void => {
    turns += 1;
    if (!done) setImmediate(count);
  };
  setImmediate(count);
  await work();
  done = true;
  return turns;
}
