import { describe, expect, it } from 'vitest';
import { usUnderlying } from '../../../../../src/domain/chain/underlying-catalogue.ts';
import type { DetectedFormat } from '../../../../../src/services/market-data/decode/detect-format.ts';
import { collectMoments } from '../../../../../src/services/market-data/replay/collect-moments.ts';
import type { IndexedFile } from '../../../../../src/services/market-data/replay/recording.ts';

function aFile(
  source: string,
  chains: readonly (readonly [string, number, number?])[],
  format: DetectedFormat = 'strikewire-csv',
): IndexedFile {
  const summaries = chains.map(([symbol, quotedAtMs, quotedContracts = 5]) => ({
    underlying: usUnderlying(symbol),
    quotedAtMs,
    contracts: 10,
    quotedContracts,
    dropped: 0,
  }));
  return { path: `/data/${source}`, source, index: { format, chains: summaries } };
}

describe('collectMoments', () => {
  it('puts the moments of each symbol in the order of time, whatever the order of files', () => {
    const recording = collectMoments([
      aFile('b', [['SPX', 200]]),
      aFile('a', [
        ['SPX', 100],
        ['RUT', 150],
      ]),
      aFile('c', [['SPX', 150]]),
    ]);
    expect(recording.underlyings.map(({ symbol }) => symbol)).toEqual(['RUT', 'SPX']);
    expect(recording.moments.get('SPX')!.map(({ quotedAtMs, source }) => [quotedAtMs, source])).toEqual([
      [100, 'a'],
      [150, 'c'],
      [200, 'b'],
    ]);
  });

  it('keeps the first of equal moments, and the better quoted of unequal ones', () => {
    const sources = (files: IndexedFile[]) =>
      collectMoments(files)
        .moments.get('SPX')!
        .map(({ source }) => source);
    expect(sources([aFile('a', [['SPX', 100]]), aFile('b', [['SPX', 100]])])).toEqual(['a']);
    expect(sources([aFile('closing', [['SPX', 100, 0]]), aFile('series', [['SPX', 100, 7]])])).toEqual(['series']);
  });

  it('counts what is no recording', () => {
    expect(
      collectMoments([aFile('a', [['SPX', 1]]), aFile('trades', [], 'SIDE_FILE'), aFile('x', [], null), aFile('y', [], null)]),
    ).toMatchObject({
      files: 1,
      sideFiles: 1,
      unknownFiles: 2,
    });
  });
});
