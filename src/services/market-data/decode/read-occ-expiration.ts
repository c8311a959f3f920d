import { type ChainBuilder, MALFORMED_DATE } from '../../../domain/chain/chain-builder.ts';
import { parseOccSeries } from '../../../domain/chain/occ-symbol.ts';

/** Number of the expiration that the front part of an OCC symbol names (`RUT231020`), for ChainBuilder.add. */
export function readOccExpiration(builder: ChainBuilder, text: string): number {
  const series = parseOccSeries(text);
  return series ? builder.expiration(series.root, series.date) : MALFORMED_DATE;
}
