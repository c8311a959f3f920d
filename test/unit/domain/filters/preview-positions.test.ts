import { expect, it } from 'vitest';
import type { FilterCriteria } from '../../../../src/domain/filters/filter-criteria.ts';
import { createCriteriaPreviewer } from '../../../../src/domain/filters/preview-criteria.ts';
import { createPreviewPositions, type PreviewPosition, type PreviewRows } from '../../../../src/domain/filters/preview-positions.ts';
import { metricValues } from './filter-arbitraries.ts';

const CRITERIA: FilterCriteria = { strategies: { in: ['LONG_CALL'] }, metrics: { delta: { min: 0.5 }, volume: { min: 1_000 } } };

function aPosition(
  name: string,
  metrics: Parameters<typeof metricValues>[0],
  strategy: PreviewPosition['strategy'] = 'LONG_CALL',
): PreviewPosition {
  return {
    symbol: 'AAA',
    strategy,
    legs: [],
    legsKey: name,
    expiration: '2026-12-18',
    quotedAtMs: 0,
    metrics: metricValues(metrics),
    resultId: null,
  };
}

function preview(list: readonly PreviewPosition[], mostBest: number, mostNearMisses: number) {
  let current = list[0]!;
  const source: PreviewRows = {
    score: () => current.metrics.score ?? Number.NaN,
    value: (metric) => current.metrics[metric] ?? Number.NaN,
    position: () => current,
  };
  const positions = createPreviewPositions(CRITERIA, mostBest, mostNearMisses);
  const previewer = createCriteriaPreviewer(CRITERIA, {
    matched: (rows, size) => positions.matched(source, rows, size),
    missed: (criterion, rows, matching, size) => positions.missed(source, criterion, rows, matching, size),
  });
  for (const position of list) {
    current = position;
    previewer.addResult(position);
  }
  const steps = previewer.finish();
  let step = steps.next();
  while (!step.done) step = steps.next();
  return { best: positions.best(), nearMisses: positions.nearMisses(step.value) };
}

it('the best are those of the highest scores, an unknown score last', () => {
  const scores = [10, null, 90, 50];
  const list = scores.map((score) => aPosition(String(score), { delta: 0.6, volume: 2_000, score }));
  expect(preview(list, 3, 0).best.map(({ legsKey }) => legsKey)).toEqual(['90', '50', '10']);
});

it('near misses fail one criterion, whichever, and the nearest by the spread of its metric comes first', () => {
  const { nearMisses } = preview(
    [
      aPosition('two criteria', { delta: 0.49, volume: 999 }),
      aPosition('delta, far', { delta: 0.1, volume: 2_000, score: 50 }),
      aPosition('volume, near', { delta: 0.6, volume: 990, score: 50 }),
      aPosition('delta, near', { delta: 0.49, volume: 2_000, score: 50 }),
      aPosition('delta, unknown', { delta: null, volume: 2_000, score: 80 }),
      aPosition('strategy', { delta: 0.6, volume: 2_000, score: 60 }, 'LONG_PUT'),
      aPosition('match', { delta: 0.9, volume: 5_000, score: 10 }),
    ],
    10,
    10,
  );
  expect(nearMisses.map(({ position }) => position.legsKey)).toEqual([
    'volume, near',
    'delta, near',
    'delta, far',
    'delta, unknown',
    'strategy',
  ]);
  expect(nearMisses[0]).toMatchObject({
    failed: { expected: 'volume ≥ 1000', value: 990, distance: 10, passed: false },
    relativeDistance: 10 / (5_000 - 990),
  });
  expect(nearMisses.at(-1)).toMatchObject({ failed: { expected: 'strategy one of LONG_CALL' }, relativeDistance: null });
});
