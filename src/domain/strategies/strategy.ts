import type { CandidateBatch } from '../candidates/candidate-batch.ts';
import type { ExpirationContext } from '../candidates/expiration-context.ts';
import type { StrategyId } from './strategy-id.ts';

/**
 * A way of combining the contracts of one expiration. It only chooses legs; what they are worth is worked out for all strategies in one place
 * (candidates/candidate-generator.ts).
 */
export interface Strategy {
  readonly id: StrategyId;
  /** For people: "Bull put spread". */
  readonly name: string;
  /** Legs, the windows they are chosen from, and what the position lives on. */
  readonly description: string;
  /** Opens for a credit and lives on time passing. Otherwise it opens for a debit. */
  readonly shortPremium: boolean;
  /**
   * The greatest loss is set by another option or by the premium paid. False for naked short options, and for secured puts and covered calls: there the loss ends
   * only where the underlying is worth nothing.
   */
  readonly definedRisk: boolean;
  /** The most candidates one expiration can give, however many strikes it has. */
  readonly maximumPerExpiration: number;
  /** Appends the candidates of an expiration, legs in ascending strike. Allocates nothing. */
  generate(context: ExpirationContext, batch: CandidateBatch): void;
}
