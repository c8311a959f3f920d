import { expect, it } from 'vitest';
import { ROLLUP_METRICS } from '../../../src/domain/rollups/rollup-metric.ts';
import { type LoaderSources, Loaders } from '../../../src/loaders/loaders.ts';
import type { StatisticsQuery } from '../../../src/services/history/distribution-service.ts';
import type { ValueSummary } from '../../../src/services/history/row-summary.ts';

const [SCORE, VOLATILITY] = ROLLUP_METRICS;

it('statistics of many underlyings take one question for each metric and range', async () => {
  const asked: [string, number, readonly string[]][] = [];
  const distributions: LoaderSources['distributions'] = {
    async statistics({ metric, fromMs }, symbols) {
      asked.push([metric.name, fromMs, symbols]);
      return new Map(
        symbols.filter((symbol) => symbol !== 'CCC').map((symbol) => [symbol, { count: symbol.charCodeAt(0) } as ValueSummary]),
      );
    },
  };
  const loaders = new Loaders({ distributions } as LoaderSources);
  const load = (symbol: string, metric: StatisticsQuery['metric'], fromMs: number) =>
    loaders.underlyingStatistics.load({ symbol, query: { metric, fromMs, beforeMs: 9, hiddenFilterIds: [] } });
  const told = await Promise.all([
    load('AAA', SCORE!, 1),
    load('BBB', SCORE!, 1),
    load('CCC', SCORE!, 1),
    load('AAA', SCORE!, 1),
    load('AAA', SCORE!, 2),
    load('AAA', VOLATILITY!, 1),
  ]);
  expect(told.map((summary) => summary?.count ?? null)).toEqual([65, 66, null, 65, 65, 65]);
  expect(asked).toEqual([
    [SCORE!.name, 1, ['AAA', 'BBB', 'CCC']],
    [SCORE!.name, 2, ['AAA']],
    [VOLATILITY!.name, 1, ['AAA']],
  ]);
  loaders.renew();
  await load('AAA', SCORE!, 1);
  expect(asked).toHaveLength(4);
});
