import type { Sql } from '../../db/client.ts';
import { type BreakerPhase, type BreakerState, breakerPhase } from '../../domain/notifications/circuit-breaker.ts';

/** How sending on a channel goes, whichever process does it. */
export interface ChannelCondition extends BreakerState {
  readonly channelId: string;
  readonly phase: BreakerPhase;
  /** What Retry-After said; epoch milliseconds, null: nothing. */
  readonly pausedUntilMs: number | null;
}

export interface ChannelConditionStore {
  /** As of now. Nothing of channels on which nothing was ever sent; the order is not that of the ids. */
  conditions(channelIds: readonly string[]): Promise<ChannelCondition[]>;
}

export interface ChannelConditionStoreDeps {
  readonly sql: Sql;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

export function createChannelConditionStore({ sql, clock }: ChannelConditionStoreDeps): ChannelConditionStore {
  return {
    async conditions(channelIds) {
      const rows = await sql.unsafe<Omit<ChannelCondition, 'phase'>[]>(
        `select channel_id as "channelId", failures, open_until as "openUntilMs", paused_until as "pausedUntilMs"
         from notification_channel_states where channel_id = any($1::uuid[])`,
        [[...channelIds]],
      );
      return rows.map((row) => ({ ...row, phase: breakerPhase(row, clock()) }));
    },
  };
}
