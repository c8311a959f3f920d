import type { ScanResult } from '../../dist/domain/results/scan-result.js';
import { cursorOf } from './live-message.ts';
import type { LiveFilter } from './live-operation.ts';
import { globalId, isMatch } from './live-rows.ts';

/** The schema of the servers that are measured beside the product: SDL and plain resolvers, as their documentation makes them. */
export const typeDefs = /* GraphQL */ `
  type Query { version: String }
  input FloatRange { min: Float max: Float }
  input SymbolSet { in: [String!] }
  input ScanResultFilter { symbols: SymbolSet score: FloatRange }
  type Subscription { scanResults(filter: ScanResultFilter): ScanResultBatch! }
  type ScanResultBatch { phase: String! cursor: String! missed: Int! results: [ScanResult!]! }
  type ScanResult {
    id: ID! detectedAt: String! symbol: String! strategy: String! expiration: String! netCredit: Float maxProfit: Float maxLoss: Float
    probabilityOfProfit: Float returnOnRisk: Float score: Float reasons: [String!]!
  }`;

/** What these servers publish. */
export interface LiveBatch {
  readonly rows: readonly ScanResult[];
  readonly last: ScanResult;
}

export function toBatch(rows: readonly ScanResult[]): LiveBatch {
  return { rows, last: rows.at(-1)! };
}

const metric = (name: keyof ScanResult['metrics']) => (row: ScanResult) => row.metrics[name];

export const typeResolvers = {
  ScanResultBatch: {
    phase: () => 'LIVE',
    cursor: ({ last }: LiveBatch) => cursorOf(last),
    missed: () => 0,
    results: ({ rows }: LiveBatch) => rows,
  },
  ScanResult: {
    id: globalId,
    detectedAt: (row: ScanResult) => new Date(row.detectedAtMs).toISOString(),
    netCredit: metric('netCredit'),
    maxProfit: metric('maxProfit'),
    maxLoss: metric('maxLoss'),
    probabilityOfProfit: metric('probabilityOfProfit'),
    returnOnRisk: metric('returnOnRisk'),
    score: metric('score'),
  },
};

/** The rows of a batch that a filter lets through; null when there are none. The cursor still stands for the whole batch: who was sent these has seen all of it. */
export function filterBatch(batch: LiveBatch, filter: LiveFilter | undefined): LiveBatch | null {
  if (!filter) return batch;
  const rows = batch.rows.filter((row) => isMatch(filter, row));
  return rows.length === 0 ? null : { rows, last: batch.last };
}
