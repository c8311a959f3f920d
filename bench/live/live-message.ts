import type { ScanResult } from '../../dist/domain/results/scan-result.js';
import { encodePosition } from '../../dist/services/stream-log/cursor.js';
import { OPERATION_ID } from './live-operation.ts';
import { globalId } from './live-rows.ts';

/** The message of a batch as graphql-transport-ws has it, without anything in between: what raw sockets send. */
export function liveMessage(rows: readonly ScanResult[], last: ScanResult): string {
  const results = rows.map((row) => ({
    id: globalId(row),
    detectedAt: new Date(row.detectedAtMs),
    symbol: row.symbol,
    strategy: row.strategy,
    expiration: row.expiration,
    netCredit: row.metrics.netCredit,
    maxProfit: row.metrics.maxProfit,
    maxLoss: row.metrics.maxLoss,
    probabilityOfProfit: row.metrics.probabilityOfProfit,
    returnOnRisk: row.metrics.returnOnRisk,
    score: row.metrics.score,
    reasons: row.reasons,
  }));
  const scanResults = { phase: 'LIVE', cursor: cursorOf(last), missed: 0, results };
  return JSON.stringify({ id: OPERATION_ID, type: 'next', payload: { data: { scanResults } } });
}

export function cursorOf(row: ScanResult): string {
  return encodePosition('scan-results', { atMs: row.detectedAtMs, sequence: row.sequence });
}
