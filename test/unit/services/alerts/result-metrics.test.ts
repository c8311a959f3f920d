import { beforeEach, describe, expect, it } from 'vitest';
import type { ScanResult } from '../../../../src/domain/results/scan-result.ts';
import { createResultMetrics, type ResultMetrics } from '../../../../src/services/alerts/result-metrics.ts';
import { aResultDraft } from '../../../support/a-result-draft.ts';

/** As many as are kept, and some. */
const MANY = 20_500;

let told: (rows: readonly ScanResult[]) => void;
let asked: (readonly string[])[];
let resultMetrics: ResultMetrics;

const aRow = (id: string, score: number | null): ScanResult => {
  const draft = aResultDraft({ id });
  return { ...draft, sequence: 1, detectedAtMs: 0, metrics: { ...draft.metrics, score, probabilityOfProfit: 0.1 + 0.2 } };
};

beforeEach(() => {
  asked = [];
  resultMetrics = createResultMetrics({
    byIds: async (ids) => {
      asked.push(ids);
      return ids.filter((id) => id !== 'nowhere').map((id) => aRow(id, -1));
    },
    follower: {
      follow(handler) {
        told = handler;
        return () => {};
      },
    },
  });
});

describe('the metrics of results', () => {
  it('are those that came last, each to the last bit', async () => {
    const row = aRow('one', 55);
    told([row, aRow('unknown', null)]);
    const metrics = await resultMetrics.of(['one', 'unknown']);
    expect(metrics.get('one')).toStrictEqual(row.metrics);
    expect(metrics.get('unknown')!.score).toBeNull();
    expect(asked).toEqual([]);
  });

  it('are read where they are not kept, and those of no result left out', async () => {
    told([aRow('one', 55)]);
    const metrics = await resultMetrics.of(['one', 'old', 'nowhere', 'old']);
    expect(asked).toEqual([['old', 'nowhere']]);
    expect([...metrics].map(([id, { score }]) => [id, score]).sort()).toEqual([
      ['old', -1],
      ['one', 55],
    ]);
  });

  it('make room for newer ones, and what was asked for before stays as it was', async () => {
    told([aRow('first', 1)]);
    const before = (await resultMetrics.of(['first'])).get('first')!;
    const rows = Array.from({ length: MANY }, (_, index) => aRow(String(index), index));
    told(rows);
    expect(before.score).toBe(1);
    const metrics = await resultMetrics.of(['first', '0', String(MANY - 1), '600']);
    expect(metrics.get(String(MANY - 1))!.score).toBe(MANY - 1);
    expect(metrics.get('600')!.score).toBe(600);
    expect(asked).toEqual([['first', '0']]);
  });

  it('of a result that comes twice stay when the place of the first makes room', async () => {
    told([aRow('twice', 1), aRow('twice', 2)]);
    told(Array.from({ length: MANY - 501 }, (_, index) => aRow(String(index), index)));
    expect((await resultMetrics.of(['twice'])).get('twice')!.score).toBe(2);
    expect(asked).toEqual([]);
  });
});
