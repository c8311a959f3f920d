import type { RollupRowSeed } from './a-rollup-process.ts';
import { NOON } from './an-aggregate-request.ts';

/** At noon of the day that aggregates are asked of. */
export function aRollupRowSeed(overrides: Partial<RollupRowSeed> = {}): RollupRowSeed {
  return { quotedAtMs: NOON, filter: 0, symbol: 'AAA', strategy: 'BULL_PUT_SPREAD', value: 0.25, ...overrides };
}
