/** The numbers of a row in a QuoteBlock, in this order; NaN: not stated. See QuoteRecord. */
export const BLOCK_NUMBERS = ['strike', 'last', 'bid', 'ask', 'volume', 'impliedVolatility', 'delta', 'openInterest'] as const;
export const BLOCK_WIDTH = BLOCK_NUMBERS.length;

/** Records on their way into a chain, many at once, of sources that state the BLOCK_NUMBERS and no others. */
export interface QuoteBlock {
  size: number;
  readonly capacity: number;
  /** Row after row, BLOCK_WIDTH numbers each. */
  readonly numbers: Float64Array;
  /** As ChainBuilder.expiration numbers them. */
  readonly expiration: Int32Array;
  /** CALL or PUT. */
  readonly right: Uint8Array;
  /** Where the record stands in the source. */
  readonly position: Int32Array;
}

/** @param capacity rows */
export function createQuoteBlock(capacity: number): QuoteBlock {
  return {
    size: 0,
    capacity,
    numbers: new Float64Array(capacity * BLOCK_WIDTH),
    expiration: new Int32Array(capacity),
    right: new Uint8Array(capacity),
    position: new Int32Array(capacity),
  };
}
