import type { Sql } from '../../db/client.ts';
import type { BreakerState } from '../../domain/notifications/circuit-breaker.ts';

/** How sending on a channel goes, whichever process does it. */
export interface ChannelCondition {
  readonly channelId: string;
  readonly breaker: BreakerState;
  /** What Retry-After said; epoch milliseconds, null: nothing. */
  readonly pausedUntilMs: number | null;
}

export interface ChannelConditionStore {
  /** Nothing of channels on which nothing was ever sent; the order is not that of the ids. */
  conditions(channelIds: readonly string[]): Promise<ChannelCondition[]>;
}

export function createChannelConditionStore({ sql }: { sql: Sql }): ChannelConditionStore {
  return {
    async conditions(channelIds) {
      const rows = await sql.unsafe<(Omit<ChannelCondition, 'breaker'> & BreakerState)[]>(
        `select channel_id as "channelId", failures, open_until as "openUntilMs", paused_until as "pausedUntilMs"
         from notification_channel_states where channel_id = any($1::uuid[])`,
        [[...channelIds]],
      );
      return rows.map(({ channelId, failures, openUntilMs, pausedUntilMs }) => ({
        channelId,
        breaker: { failures, openUntilMs },
        pausedUntilMs,
      }));
    },
  };
}
