import type { createDatabase } from '../../dist/db/client.js';
import { ROLLUP_CONSUMER } from '../../dist/services/rollups/rollup-streams.js';

/** Servers that start begin to roll up what is stored. Here that would be measured with the pages. */
export async function takeAsRolledUp({ sql }: ReturnType<typeof createDatabase>): Promise<void> {
  await sql`
    insert into stream_positions (consumer, stream, sequence, at)
    select ${ROLLUP_CONSUMER}, stream, last_sequence, last_at from stream_heads
    on conflict (consumer, stream) do update set sequence = excluded.sequence, at = excluded.at`;
}
