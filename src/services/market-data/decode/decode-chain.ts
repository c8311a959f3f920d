import type { ChainSnapshot } from '../../../domain/chain/chain-snapshot.ts';
import type { RowStore } from '../../../domain/chain/row-store.ts';
import type { FeedMalformedError } from '../feed-errors.ts';
import { CHAIN_FORMATS, type ChainFormat, type ChainSelection } from './chain-format.ts';
import { decodeCboeCsv } from './decode-cboe-csv.ts';
import { decodeCboeJson } from './decode-cboe-json.ts';
import { decodeDeribitCsv } from './decode-deribit-csv.ts';
import { decodeEndOfDayCsv } from './decode-end-of-day-csv.ts';
import { decodeIntradayCsv } from './decode-intraday-csv.ts';
import { decodeLeanUniverseCsv } from './decode-lean-universe-csv.ts';
import { decodeStrikewireCsv } from './decode-strikewire-csv.ts';
import { detectFormat } from './detect-format.ts';
import { malformedFile, quoteFound } from './malformed-file.ts';

/**
 * Reads recorded chains (not compressed any more) of any known format, in the order of time and symbol. Throws FeedMalformedError, also
 * when the format is none that is known.
 * @param format 'auto': told by the content
 * @param source what is read, for messages, and for formats that leave symbol and date to the file's name
 * @param only the chain to return, of several; all when not given
 * @param rows memory to work in, for callers who decode file after file (see ChainBuilderOptions)
 */
export function decodeChain(
  format: ChainFormat | 'auto',
  bytes: Uint8Array,
  source: string,
  only?: ChainSelection,
  rows?: RowStore,
): ChainSnapshot[] {
  const detected = format === 'auto' ? detectFormat(bytes) : format;
  switch (detected) {
    case 'cboe-json':
      return [decodeCboeJson(bytes, source)];
    case 'cboe-csv':
      return [decodeCboeCsv(bytes, source, rows)];
    case 'end-of-day-csv':
      return decodeEndOfDayCsv(bytes, source, only);
    case 'deribit-csv':
      return decodeDeribitCsv(bytes, source, only);
    case 'intraday-csv':
      return decodeIntradayCsv(bytes, source, only);
    case 'lean-universe-csv':
      return [decodeLeanUniverseCsv(bytes, source)];
    case 'strikewire-csv':
      return decodeStrikewireCsv(bytes, source, only);
    case 'SIDE_FILE':
    case null:
      throw unknownFormat(bytes, source);
  }
}

function unknownFormat(bytes: Uint8Array, source: string): FeedMalformedError {
  const head = new TextDecoder().decode(bytes.subarray(0, 200)).split(/\r?\n/)[0]!;
  const found = bytes.length === 0 ? 'an empty file' : `a file that begins with ${quoteFound(head)}`;
  return malformedFile(source, 'line 1', `the beginning of one of the formats ${CHAIN_FORMATS.join(', ')}`, found);
}
