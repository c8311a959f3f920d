import fc from 'fast-check';
import { parse } from 'graphql';
import { expect, it } from 'vitest';
import { schema } from '../../../../src/schema/index.ts';
import { measureOperation } from '../../../../src/server/limits/measure-operation.ts';
import { createRememberedMeasure } from '../../../../src/server/limits/remembered-measure.ts';

const document = parse(`
  query Pages($a: Int, $b: Int = 7) { scanResults(first: $a) { edges { cursor } } scanRuns(last: $b) { edges { cursor } } }
  query Nodes($ids: [ID!]!) { nodes(ids: $ids) { id } }
  query History($range: DateTimeRange!, $from: DateTime, $groupBy: [Dimension!], $interval: RollupInterval!) {
    a: aggregates(metric: RESULT_SCORE, interval: $interval, range: $range, groupBy: $groupBy) { groups { buckets { count } } }
    b: aggregates(metric: RESULT_SCORE, interval: DAY_1, range: { from: $from, before: "2026-01-01T00:00:00Z" }) { groups { buckets { count } } } }
  query Alone { scanner { cycle { symbolsDone } } }
  subscription Live($delivery: DeliveryInput, $snapshot: Int) { scanResults(delivery: $delivery, snapshot: $snapshot) { cursor } }`);

const someCount = fc.oneof(fc.integer({ min: -1, max: 200 }), fc.constantFrom(null, undefined, 'x', 2.5));
const someMoment = fc.constantFrom('2025-01-01T00:00:00Z', '2025-03-01T00:00:00Z', '2025-09-01T00:00:00Z');
const someVariables = fc.record(
  {
    range: fc.oneof(fc.record({ from: fc.oneof(someMoment, someCount), before: someMoment }), someCount),
    from: fc.oneof(someMoment, someCount),
    groupBy: fc.oneof(fc.array(fc.constantFrom('FILTER', 'SYMBOL'), { maxLength: 2 }), someCount),
    interval: fc.oneof(fc.constantFrom('HOUR_1', 'DAY_1'), someCount),
    a: someCount,
    b: someCount,
    ids: fc.oneof(fc.array(fc.string({ maxLength: 2 }), { maxLength: 4 }), someCount),
    snapshot: someCount,
    delivery: fc.oneof(fc.record({ maxRatePerSecond: fc.oneof(someCount, fc.float()) }), someCount),
  },
  { requiredKeys: [] },
);

it('is what measuring each time finds, whatever has been asked before', () => {
  const remembered = createRememberedMeasure();
  fc.assert(
    fc.property(
      fc.constantFrom('Pages', 'Nodes', 'History', 'Alone', 'Live'),
      someVariables,
      fc.constantFrom(10, 50),
      (operationName, variables, defaultPageSize) => {
        const options = { schema, document, operationName, variables, defaultPageSize };
        expect(remembered(options)).toEqual(measureOperation(options));
      },
    ),
    { numRuns: 500 },
  );
});

it('is the same object for the same values', () => {
  const remembered = createRememberedMeasure();
  const of = (variables: Record<string, unknown>) =>
    remembered({ schema, document, operationName: 'Pages', variables, defaultPageSize: 50 });
  expect(of({ a: 3, unrelated: 1 })).toBe(of({ a: 3, unrelated: 2 }));
  expect(of({ a: 3 })).not.toBe(of({ a: 4 }));
});
