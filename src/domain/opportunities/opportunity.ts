import type { Leg } from '../results/scan-result.ts';
import type { StrategyId } from '../strategies/strategy-id.ts';

/**
 * Why an opportunity is over: a completed scan of the underlying has not found it again, its filter was changed so that it no longer passes, disabled or deleted, or its
 * options expired.
 */
export const LEAVE_REASONS = ['NOT_FOUND', 'FILTER_CHANGED', 'EXPIRED'] as const;
export type LeaveReason = (typeof LEAVE_REASONS)[number];

/** The episode of consecutive results of the same filter and the same legs. Times are epoch milliseconds, UTC. */
export interface Opportunity {
  /** UUIDv7: sorts by entering. */
  readonly id: string;
  readonly filterId: string;
  /** The newest revision that has found it, or the one that ended it. */
  readonly filterRevision: number;
  readonly symbol: string;
  readonly strategy: StrategyId;
  /** `YYYY-MM-DD`: of the leg that expires first. */
  readonly expiration: string;
  /** The moment of that expiration. */
  readonly expiresAtMs: number;
  readonly legs: readonly Leg[];
  readonly legsKey: string;
  readonly firstSeenAtMs: number;
  /** The newest scan that found it, whether anything had changed or not. */
  readonly lastSeenAtMs: number;
  /** Null while it is there. */
  readonly leftAtMs: number | null;
  readonly leaveReason: LeaveReason | null;
  /** 0-100. */
  readonly bestScore: number;
  readonly lastScore: number;
  /** Scans that found it. */
  readonly observations: number;
  /** The newest result stored of it. */
  readonly latestResultId: string;
}

/** What makes two results the same opportunity. */
export function opportunityKey({ filterId, legsKey }: Pick<Opportunity, 'filterId' | 'legsKey'>): string {
  return `${filterId} ${legsKey}`;
}
