import type { AggregateFigures } from './aggregate-figures.ts';
import type { RollupCell } from './rollup-cell.ts';

export function figuresOfCell({ count, sum, min, max, m2, first, last, p50, p95, p99 }: RollupCell): AggregateFigures {
  return { count, sum, avg: sum / count, min, max, first, last, stddev: count < 2 ? null : Math.sqrt(m2 / (count - 1)), p50, p95, p99 };
}
