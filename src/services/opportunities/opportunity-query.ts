import type { StrategyId } from '../../domain/strategies/strategy-id.ts';

export const OPPORTUNITY_STATES = ['ACTIVE', 'PAST'] as const;
export type OpportunityState = (typeof OPPORTUNITY_STATES)[number];

/** Which opportunities, or changes of them, are meant; everything stated must hold. */
export interface OpportunityQuery {
  readonly filterIds?: readonly string[] | undefined;
  /** Of none of these filters: private ones of others than who asks. Left out when there are none. */
  readonly hiddenFilterIds?: readonly string[] | undefined;
  readonly symbols?: readonly string[] | undefined;
  readonly strategies?: readonly StrategyId[] | undefined;
  /** Of the best score: it never falls, so whoever was told of an opportunity is told when it leaves. */
  readonly minimumScore?: number | undefined;
}
