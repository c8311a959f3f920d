import type { MetricName } from '../candidates/metric.ts';
import type { FilterNode } from './filter-node.ts';

/**
 * A filter that passes all that `node` passes, and perhaps more, and only looks at the metrics that are known: tests of others are left out, and of the groups that
 * must not hold those with such a test.
 */
export function screeningNode(node: FilterNode, known: ReadonlySet<MetricName>): FilterNode {
  return {
    ...node,
    ranges: node.ranges.filter(({ metric }) => known.has(metric)),
    nullTests: node.nullTests.filter(({ metric }) => known.has(metric)),
    all: node.all.map((group) => screeningNode(group, known)),
    any: node.any.map((group) => screeningNode(group, known)),
    none: node.none.filter((group) => isKnown(group, known)),
  };
}

function isKnown({ ranges, nullTests, all, any, none }: FilterNode, known: ReadonlySet<MetricName>): boolean {
  return (
    [...ranges, ...nullTests].every(({ metric }) => known.has(metric)) && [...all, ...any, ...none].every((group) => isKnown(group, known))
  );
}
