import type { PricedChain } from './priced-chain.ts';

/** A chain whose columns are ready and that is priced expiration by expiration. */
export interface PreparedChain extends PricedChain {
  /** The moment year fractions count from: epoch milliseconds, UTC. */
  readonly asOfMs: number;
}
