import type { ChainFormat } from './chain-format.ts';

/** What a file is, by its content. SIDE_FILE: belongs to a recording but holds no chain (trades, open interest, bars of the underlying). */
export type DetectedFormat = ChainFormat | 'SIDE_FILE' | null;

/**
 * Headers begin like this; the decoders check the rest of them, so that a file that claims a format and lacks a column is refused with its
 * name.
 */
const HEADER_STARTS: readonly (readonly [string, DetectedFormat])[] = [
  ['underlying,underlying_last,exchange,optionroot', 'end-of-day-csv'],
  ['snapshot_utc,exchange,underlying,instrument', 'deribit-csv'],
  ['snapshot_et,expiry,right,strike', 'intraday-csv'],
  ['#expiry,strike,right', 'lean-universe-csv'],
  ['quoted_at,underlying,', 'strikewire-csv'],
  ['ts_et,', 'SIDE_FILE'],
];

/** Formats are told by their beginning. */
const SNIFFED_BYTES = 4096;
/** Cboe's quote table has its header below a few lines about the underlying. */
const CBOE_CSV_HEADER = /^"?Expiration Date"?,"?Calls"?,/im;

/** The format of a file (not compressed any more); null when it is none that is known. */
export function detectFormat(bytes: Uint8Array): DetectedFormat {
  const head = new TextDecoder().decode(bytes.subarray(0, SNIFFED_BYTES)).trimStart();
  if (head.startsWith('{')) return /"options"\s*:/.test(head) && /"data"\s*:/.test(head) ? 'cboe-json' : null;
  const firstLine = (/^[^\r\n]*/.exec(head)?.[0] ?? '').replaceAll('"', '').replaceAll(' ', '').toLowerCase();
  const start = HEADER_STARTS.find(([text]) => firstLine.startsWith(text));
  if (start) return start[1];
  return CBOE_CSV_HEADER.test(head) ? 'cboe-csv' : null;
}
