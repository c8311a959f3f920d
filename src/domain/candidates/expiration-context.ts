import type { ExpirationSlice } from '../chain/chain-snapshot.ts';
import type { PricedChain, PricedExpiration } from '../pricing/priced-chain.ts';
import type { StrikeLadder } from './strike-ladder.ts';

/** What a strategy chooses its legs from: one expiration of one chain. Valid during `generate` only; the ladders are filled anew for the next one. */
export interface ExpirationContext {
  readonly chain: PricedChain;
  readonly slice: ExpirationSlice;
  readonly expiration: PricedExpiration;
  /** One standard deviation of the underlying until expiration, F·σ·√T with σ at the forward; quote currency, > 0. */
  readonly standardDeviation: number;
  readonly calls: StrikeLadder;
  readonly puts: StrikeLadder;
}
