import type { UnderlyingProfile } from '../../../domain/chain/underlying-profile.ts';
import type { IndexedFile, RecordedMoment, Recording } from './recording.ts';

/**
 * Sorts the chains of all files into the moments of each underlying. Where two files hold the same moment the one with more contracts
 * quoted on both sides stays (an intraday series beside its day's closing prices), or else the first.
 */
export function collectMoments(files: readonly IndexedFile[]): Recording {
  const profiles = new Map<string, UnderlyingProfile>();
  const bySymbol = new Map<string, Map<number, RecordedMoment>>();
  let sideFiles = 0;
  let unknownFiles = 0;
  for (const { path, source, index } of files) {
    if (index.format === 'SIDE_FILE') sideFiles++;
    else if (index.format === null) unknownFiles++;
    else {
      for (const { underlying, quotedAtMs, quotedContracts } of index.chains) {
        const { symbol } = underlying;
        profiles.set(symbol, underlying);
        const moments = bySymbol.get(symbol) ?? new Map<number, RecordedMoment>();
        bySymbol.set(symbol, moments);
        const known = moments.get(quotedAtMs);
        if (known && known.quotedContracts >= quotedContracts) continue;
        moments.set(quotedAtMs, { symbol, quotedAtMs, path, source, format: index.format, quotedContracts });
      }
    }
  }
  const symbols = [...profiles.keys()].sort();
  return {
    underlyings: symbols.map((symbol) => profiles.get(symbol)!),
    moments: new Map(symbols.map((symbol) => [symbol, [...bySymbol.get(symbol)!.values()].sort((a, b) => a.quotedAtMs - b.quotedAtMs)])),
    files: files.length - sideFiles - unknownFiles,
    sideFiles,
    unknownFiles,
  };
}
