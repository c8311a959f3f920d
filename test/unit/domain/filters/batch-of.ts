import { appendCandidate } from '../../../../src/domain/candidates/append-candidate.ts';
import type { CandidateBatch } from '../../../../src/domain/candidates/candidate-batch.ts';
import { createCandidateBatch } from '../../../../src/domain/candidates/create-candidate-batch.ts';
import { METRICS } from '../../../../src/domain/candidates/metric.ts';
import type { FilterSubject } from '../../../../src/domain/filters/matches-node.ts';
import { strategyCode } from '../../../../src/domain/strategies/strategy-code.ts';

/** Candidates of one symbol and expiration, in columns. */
export function batchOf(list: readonly FilterSubject[]): CandidateBatch {
  const batch = createCandidateBatch(list.length + 3);
  for (const { strategy, metrics } of list) {
    const row = appendCandidate(batch, strategyCode(strategy), 0);
    for (const [index, { name }] of METRICS.entries()) batch.metrics[index]![row] = metrics[name] ?? Number.NaN;
  }
  return batch;
}
