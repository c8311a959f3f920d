/** Layouts of recorded chains that decode-chain.ts reads. */
export const CHAIN_FORMATS = [
  'cboe-json',
  'cboe-csv',
  'end-of-day-csv',
  'deribit-csv',
  'intraday-csv',
  'lean-universe-csv',
  'strikewire-csv',
] as const;
export type ChainFormat = (typeof CHAIN_FORMATS)[number];

/** One chain out of a file that holds several. */
export interface ChainSelection {
  readonly symbol: string;
  /** Epoch milliseconds, UTC. */
  readonly quotedAtMs: number;
}
