import type { Opportunity } from './opportunity.ts';

/** ENTERED: found for the first time. UPDATED: found again with other values, or by another revision of the filter. LEFT: over. */
export const OPPORTUNITY_CHANGE_KINDS = ['ENTERED', 'UPDATED', 'LEFT'] as const;
export type OpportunityChangeKind = (typeof OPPORTUNITY_CHANGE_KINDS)[number];

export interface OpportunityChangeDraft {
  /** UUIDv7. */
  readonly id: string;
  readonly kind: OpportunityChangeKind;
  /** As the change left it. */
  readonly opportunity: Opportunity;
}

/** One entry of the stream of opportunity changes. */
export interface OpportunityChange extends OpportunityChangeDraft {
  readonly sequence: number;
  /** When it was stored, epoch milliseconds. */
  readonly atMs: number;
}
