import { columnName } from '../../db/column-name.ts';
import { copyInto, copyNumber, copyString, copyTimestamp } from '../../db/copy-text.ts';
import { UNDERLYING_METRICS, type UnderlyingMetricName } from '../../domain/analytics/underlying-metric.ts';
import type { UnderlyingObservation, UnderlyingObservationDraft } from '../../domain/analytics/underlying-observation.ts';
import type { StreamDefinition } from '../stream-log/stream-definition.ts';

const METRIC_COLUMNS = UNDERLYING_METRICS.map(({ name }) => columnName(name)).join(', ');

interface ObservationRow extends Record<UnderlyingMetricName, number | null> {
  readonly sequence: number;
  readonly observedAtMs: number;
  readonly id: string;
  readonly symbol: string;
  readonly scanRunId: string;
  readonly quotedAtMs: number;
}

/** The durable stream of what chains said of their underlyings. */
export const underlyingObservationStream: StreamDefinition<UnderlyingObservationDraft, UnderlyingObservation> = {
  name: 'underlying-observations',
  toRow: (draft, sequence, atMs) => ({ ...draft, sequence, observedAtMs: atMs }),
  position: ({ observedAtMs, sequence }) => ({ atMs: observedAtMs, sequence }),
  async insert(transaction, rows) {
    const lines = rows.map(({ sequence, observedAtMs, id, symbol, scanRunId, quotedAtMs, metrics }) => {
      let line = `${sequence}\t${copyTimestamp(observedAtMs)}\t${id}\t${copyString(symbol)}\t${scanRunId}\t${copyTimestamp(quotedAtMs)}`;
      for (const { name } of UNDERLYING_METRICS) line += `\t${copyNumber(metrics[name])}`;
      return `${line}\n`;
    });
    await copyInto(
      transaction,
      'underlying_observations',
      `sequence, observed_at, id, symbol, scan_run_id, quoted_at, ${METRIC_COLUMNS}`,
      lines,
    );
  },
  async select(sql, after, limit) {
    const at = sql.typed.timestamptz(after.atMs);
    const rows = await sql<ObservationRow[]>`
      select sequence, observed_at as "observedAtMs", id, symbol, scan_run_id as "scanRunId", quoted_at as "quotedAtMs", ${sql.unsafe(QUOTED_METRICS)}
      from underlying_observations
      where observed_at >= ${at} and (observed_at, sequence) > (${at}, ${after.sequence}) order by observed_at, sequence limit ${limit}`;
    return rows.map(fromRow);
  },
};

const QUOTED_METRICS = UNDERLYING_METRICS.map(({ name }) => `${columnName(name)} as "${name}"`).join(', ');

function fromRow({ sequence, observedAtMs, id, symbol, scanRunId, quotedAtMs, ...metrics }: ObservationRow): UnderlyingObservation {
  return { sequence, observedAtMs, id, symbol, scanRunId, quotedAtMs, metrics };
}
