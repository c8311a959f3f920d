/** How the options on one coin are named and asked for on Deribit. */
export interface DeribitCoin {
  /** BTC */
  readonly symbol: string;
  /** What the names of its options begin with: BTC, SOL_USDC. */
  readonly root: string;
  /** Settlement currency, by which options are asked for: BTC, USDC. */
  readonly currency: string;
  /** Of its index: btc_usd, sol_usdc. */
  readonly indexName: string;
  /** Quoted in the coin itself; otherwise in dollars (USDC). */
  readonly isInverse: boolean;
}

/** Coins whose options are settled in the coin; all others have linear options only, settled in USDC. Source: Deribit contract specifications. */
const INVERSE_COINS: ReadonlySet<string> = new Set(['BTC', 'ETH']);

/**
 * BTC and ETH mean their inverse options, which carry nearly all of their open interest: the linear ones on the same coin (BTC_USDC) have another contract
 * size, and a chain has one.
 */
export function deribitCoin(symbol: string): DeribitCoin {
  const isInverse = INVERSE_COINS.has(symbol);
  const lower = symbol.toLowerCase();
  return isInverse
    ? { symbol, root: symbol, currency: symbol, indexName: `${lower}_usd`, isInverse }
    : { symbol, root: `${symbol}_USDC`, currency: 'USDC', indexName: `${lower}_usdc`, isInverse };
}
