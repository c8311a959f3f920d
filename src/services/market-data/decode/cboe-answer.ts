import type { ChainBuilder } from '../../../domain/chain/chain-builder.ts';
import type { JsonObject } from '../http/json-object.ts';

/** An answer of Cboe's delayed quotes, however its options were read. */
export interface CboeAnswer {
  readonly response: JsonObject;
  readonly data: JsonObject;
  /** Options in the list. */
  readonly count: number;
  /** The greatest last_trade_time of the options, as it is written; empty when there is none. */
  readonly newestTradeTime: string;
  /** Adds or drops every option. */
  readonly addTo: (builder: ChainBuilder) => void;
}
