import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createChainBuilder } from '../../../../../src/domain/chain/chain-builder.ts';
import { usUnderlying } from '../../../../../src/domain/chain/underlying-catalogue.ts';
import type { DecodeWorker } from '../../../../../src/services/market-data/decode/decode-worker.ts';
import { createMomentReader } from '../../../../../src/services/market-data/replay/moment-reader.ts';

const MOMENTS = [0, 1, 2, 3].map((quotedAtMs) => ({
  symbol: 'SPX',
  quotedAtMs,
  path: fileURLToPath(import.meta.url),
  source: 'spx.csv',
  format: 'strikewire-csv' as const,
  quotedContracts: 1,
}));

/** A reader of four moments and the list of those it has decoded. `failing`: moments that cannot be decoded as long as they are in there. */
function aReader(failing = new Set<number>()) {
  const decoded: number[] = [];
  const worker: Pick<DecodeWorker, 'decode'> = {
    async decode(_format, _bytes, source, _signal, only) {
      const { quotedAtMs } = only!;
      decoded.push(quotedAtMs);
      if (failing.has(quotedAtMs)) throw new Error('no luck');
      return [createChainBuilder({ underlying: usUnderlying('SPX'), quotedAtMs, underlyingPrice: 1, source }).build()];
    },
  };
  return { reader: createMomentReader(MOMENTS, worker as DecodeWorker, new AbortController().signal), decoded };
}

describe('a moment reader', () => {
  it('reads the next moment ahead, and each only once while it is shown', async () => {
    const { reader, decoded } = aReader();
    const first = await reader.read(0, 1);
    expect(await reader.read(0, 1)).toBe(first);
    expect((await reader.read(1, 2)).quotedAtMs).toBe(1);
    await reader.read(2, undefined);
    expect(decoded.toSorted()).toEqual([0, 1, 2]);
  });

  it('holds none but the moment that is shown and the next', async () => {
    const { reader, decoded } = aReader();
    await reader.read(0, 1);
    await reader.read(1, 2);
    await reader.read(2, 3);
    await reader.read(0, 1);
    await reader.read(1, undefined);
    expect(decoded.toSorted()).toEqual([0, 0, 1, 1, 2, 3]);
  });

  it('tries a moment again that could not be read', async () => {
    const failing = new Set([0, 1]);
    const { reader } = aReader(failing);
    await expect(reader.read(0, 1)).rejects.toThrow('no luck');
    failing.clear();
    expect((await reader.read(0, 1)).quotedAtMs).toBe(0);
    expect((await reader.read(1, 2)).quotedAtMs).toBe(1);
  });
});
