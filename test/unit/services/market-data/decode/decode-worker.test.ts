import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { decodeChain } from '../../../../../src/services/market-data/decode/decode-chain.ts';
import {
  createDecodeWorker,
  type DecodeWorker,
  type DecodeWorkerOptions,
} from '../../../../../src/services/market-data/decode/decode-worker.ts';
import { MAXIMUM_JSON_BYTES } from '../../../../../src/services/market-data/decode/maximum-json-bytes.ts';
import { FeedMalformedError, FeedUnavailableError } from '../../../../../src/services/market-data/feed-errors.ts';
import { encode } from './quotes-by-symbol.ts';

const HEADER = 'quoted_at,underlying,expiration,strike,right,bid,ask\n';
const TEXT = `${HEADER}2026-07-15T15:30:00Z,GOOG,2026-07-17,180,C,2.5,2.6\n2026-07-15T15:31:00Z,GOOG,2026-07-17,180,C,2.4,2.5\n2026-07-15T15:31:00Z,SPY,2026-07-17,620,P,1.4,1.5\n`;
/** Parsed, this takes a little more than the heap the test allows: when it is far more, some versions of Node.js end the process with the thread. */
const HUGE = encode(`{"data":{"options":[${'{"a":[]},'.repeat(400_000)}{}]}}`);

const signal = new AbortController().signal;
const workers: DecodeWorker[] = [];

function aWorker(options: DecodeWorkerOptions = {}): DecodeWorker {
  const worker = createDecodeWorker(options);
  workers.push(worker);
  return worker;
}

afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop()));
});

describe('a decode worker', () => {
  it('gives what decoding on this thread gives, packed or not', async () => {
    const expected = decodeChain('auto', encode(TEXT), 'a.csv');
    const worker = aWorker();
    expect(await worker.decode('auto', encode(TEXT), 'a.csv', signal)).toEqual(expected);
    expect(await worker.decode('strikewire-csv', gzipSync(TEXT), 'a.csv', signal)).toEqual(expected);
  });

  it('gives the selected chain only', async () => {
    const chains = await aWorker().decode('auto', encode(TEXT), 'a.csv', signal, {
      symbol: 'SPY',
      quotedAtMs: Date.UTC(2026, 6, 15, 15, 31),
    });
    expect(chains.map(({ underlying, size }) => [underlying.symbol, size])).toEqual([['SPY', 1]]);
  });

  it('moves an array that owns its buffer and copies one that does not', async () => {
    const worker = aWorker();
    const owner = encode(TEXT).slice();
    const shared = encode(TEXT).slice();
    await worker.index(owner, 'a.csv', signal);
    await expect(worker.index(shared.subarray(0, HEADER.length), 'a.csv', signal)).rejects.toThrow('expected at least one record');
    expect(owner).toHaveLength(0);
    expect(shared).toHaveLength(TEXT.length);
  });

  it('says what is in a file without its quotes', async () => {
    const index = await aWorker().index(gzipSync(TEXT), 'a.csv.gz', signal);
    expect(index.format).toBe('strikewire-csv');
    expect(index.chains.map(({ underlying, quotedAtMs, ...counts }) => [underlying.symbol, quotedAtMs, counts])).toEqual([
      ['GOOG', Date.UTC(2026, 6, 15, 15, 30), { contracts: 1, quotedContracts: 1, dropped: 0 }],
      ['GOOG', Date.UTC(2026, 6, 15, 15, 31), { contracts: 1, quotedContracts: 1, dropped: 0 }],
      ['SPY', Date.UTC(2026, 6, 15, 15, 31), { contracts: 1, quotedContracts: 1, dropped: 0 }],
    ]);
    expect(await aWorker().index(encode('anything'), 'b.txt', signal)).toEqual({ format: null, chains: [] });
  });

  it('brings errors back as what they are', async () => {
    const worker = aWorker();
    const refused = worker.decode('auto', encode('junk'), 'junk.csv', signal);
    await expect(refused).rejects.toThrow(FeedMalformedError);
    await expect(refused).rejects.toThrow(/^junk\.csv, line 1: expected the beginning of one of the formats/);
    await expect(worker.decode('auto', gzipSync(TEXT).subarray(0, 60), 'cut.csv.gz', signal)).rejects.toThrow(
      /^cut\.csv\.gz: expected a complete gzip stream/,
    );
    expect(await worker.decode('auto', encode(TEXT), 'a.csv', signal)).toHaveLength(3);
  });

  it('stops waiting when it is told to, and serves the others', async () => {
    const worker = aWorker();
    const giveUp = new AbortController();
    const first = worker.decode('auto', encode(TEXT), 'a.csv', signal);
    const unwanted = encode(TEXT).slice();
    const waiting = worker.decode('auto', unwanted, 'b.csv', giveUp.signal);
    const last = worker.decode('auto', encode(TEXT), 'c.csv', signal);
    giveUp.abort(new Error('no longer wanted'));
    await expect(waiting).rejects.toThrow('no longer wanted');
    await expect(worker.decode('auto', encode(TEXT), 'd.csv', giveUp.signal)).rejects.toThrow('no longer wanted');
    expect((await Promise.all([first, last])).map((chains) => chains.length)).toEqual([3, 3]);
    // It never went to the thread.
    expect(unwanted).toHaveLength(TEXT.length);
  });

  it('loses only the request a crash is about, and starts anew', async () => {
    const worker = aWorker({ memoryLimitMb: 24 });
    const before = worker.decode('auto', encode(TEXT), 'before.csv', signal);
    const crash = worker.decode('cboe-json', HUGE.slice(), 'huge.json', signal);
    const after = worker.decode('auto', encode(TEXT), 'after.csv', signal);
    await expect(crash).rejects.toThrow(FeedUnavailableError);
    await expect(crash).rejects.toThrow(/^huge\.json: the decode thread ended while reading it/);
    expect(await before).toHaveLength(3);
    expect(await after).toHaveLength(3);
  });

  it('refuses JSON whose objects could take more than the heap it has', async () => {
    const worker = aWorker();
    const long = encode(`{"data":{"rest":[${'{},'.repeat(MAXIMUM_JSON_BYTES / 3)}{}]}}`);
    await expect(worker.decode('cboe-json', long, 'long.json', signal)).rejects.toThrow(
      `long.json: expected at most ${MAXIMUM_JSON_BYTES} bytes of JSON that is not as Cboe writes it`,
    );
  });

  it('rejects what is not answered when it is stopped, and everything from then on', async () => {
    const worker = aWorker();
    const running = worker.decode('auto', encode(TEXT), 'a.csv', signal);
    const waiting = worker.decode('auto', encode(TEXT), 'b.csv', signal);
    const outcomes = Promise.allSettled([running, waiting]);
    await worker.stop();
    await worker.stop();
    for (const outcome of await outcomes) expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'FEED_UNAVAILABLE' } });
    await expect(worker.decode('auto', encode(TEXT), 'c.csv', signal)).rejects.toThrow(
      'c.csv: not decoded, the decode worker has been stopped',
    );
  });
});
