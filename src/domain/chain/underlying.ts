import type { UnderlyingProfile } from './underlying-profile.ts';

/** An underlying as the last scan of its chain saw it. */
export interface Underlying extends UnderlyingProfile {
  /** In its currency per unit; null when the source does not tell. */
  readonly price: number | null;
  /** 30-day constant-maturity at-the-money implied volatility, decimal; null when the chain does not bracket 30 days. */
  readonly impliedVolatility30d: number | null;
  readonly contracts: number;
  readonly expirations: number;
  /** By the source's clock: epoch milliseconds, UTC. */
  readonly quotedAtMs: number;
  /** By ours. */
  readonly scannedAtMs: number;
}
