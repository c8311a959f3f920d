import type { MetricValues } from '../candidates/metric.ts';
import type { StrategyId } from '../strategies/strategy-id.ts';

/** Trading session of the underlying's options when the quotes were true. */
export const MARKET_STATES = ['PRE_MARKET', 'REGULAR', 'AFTER_HOURS', 'CLOSED'] as const;
export type MarketState = (typeof MARKET_STATES)[number];

export interface OptionLeg {
  readonly kind: 'OPTION';
  /** Contract symbol in the underlying's symbology. */
  readonly symbol: string;
  readonly right: 'CALL' | 'PUT';
  readonly strike: number;
  /** `YYYY-MM-DD`. */
  readonly expiration: string;
  /** Contracts per unit of the position: positive long, negative short. */
  readonly quantity: number;
  readonly bid: number | null;
  readonly ask: number | null;
  readonly impliedVolatility: number | null;
  readonly delta: number | null;
}

export interface StockLeg {
  readonly kind: 'STOCK';
  readonly symbol: string;
  /** Units of the underlying per unit of the position. */
  readonly quantity: number;
}

export type Leg = OptionLeg | StockLeg;

export interface ScoreComponent {
  /** Stable name, e.g. probabilityOfProfit. */
  readonly name: string;
  /** Share of the composite, 0 to 1; the weights of a result add up to 1. */
  readonly weight: number;
  /** 0 to 100; null when the input is unknown (its weight then goes to the others). */
  readonly value: number | null;
  /** One sentence that explains the value. */
  readonly explanation: string;
}

/** What the scanner found, before the stream log gave it a number. */
export interface ScanResultDraft {
  /** UUIDv7. */
  readonly id: string;
  readonly scanRunId: string;
  readonly filterId: string;
  readonly filterRevision: number;
  readonly symbol: string;
  readonly strategy: StrategyId;
  readonly legs: readonly Leg[];
  /** Identifies the position within a filter: contract symbols with their quantities. */
  readonly legsKey: string;
  /** `YYYY-MM-DD`, of the nearest leg. */
  readonly expiration: string;
  /** Epoch milliseconds, UTC. */
  readonly quotedAtMs: number;
  readonly marketState: MarketState;
  readonly metrics: MetricValues;
  readonly scoreComponents: readonly ScoreComponent[];
  readonly reasons: readonly string[];
}

/** One observation that passed a filter; immutable. */
export interface ScanResult extends ScanResultDraft {
  /** Gap-free number in the stream of scan results, in commit order. */
  readonly sequence: number;
  /** Epoch milliseconds, UTC; never goes back along the sequence. */
  readonly detectedAtMs: number;
}
