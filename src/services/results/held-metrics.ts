import { METRICS } from '../../domain/candidates/metric.ts';
import type { ScanResult } from '../../domain/results/scan-result.ts';

/** Where the metrics of a result lie: `METRICS.length` numbers from `offset` on, unknown is NaN. */
interface Place {
  readonly values: ArrayLike<number>;
  offset: number;
}

class HeldMetrics implements Place {
  readonly values: ArrayLike<number>;
  offset: number;

  constructor(values: ArrayLike<number>, offset: number) {
    this.values = values;
    this.offset = offset;
  }
}

for (const [index, { name }] of METRICS.entries()) {
  Object.defineProperty(HeldMetrics.prototype, name, {
    get(this: Place) {
      const value = this.values[this.offset + index]!;
      return Number.isNaN(value) ? null : value;
    },
  });
}

/**
 * The metrics of a result, each read when it is asked for: a page asks for a few of forty. They are no properties of its own, so it cannot be spread or listed.
 *
 * @param values nobody may change these while somebody reads
 * @returns to be moved to another result by its `offset`
 */
export function heldMetrics(values: ArrayLike<number>, offset: number): ScanResult['metrics'] & { offset: number } {
  return new HeldMetrics(values, offset) as unknown as ScanResult['metrics'] & { offset: number };
}
