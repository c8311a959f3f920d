import { type FieldNode, type FragmentDefinitionNode, Kind, type OperationDefinitionNode, parse } from 'graphql';
import { expect, it } from 'vitest';
import { asksForPercentiles } from '../../../src/resolvers/asks-for-percentiles.ts';

function asks(selection: string, fragments = ''): boolean {
  const { definitions } = parse(`{ aggregates { ${selection} } } ${fragments}`);
  const [field] = (definitions[0] as OperationDefinitionNode).selectionSet.selections;
  const named = definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION) as FragmentDefinitionNode[];
  return asksForPercentiles({
    fieldNodes: [field as FieldNode],
    fragments: Object.fromEntries(named.map((fragment) => [fragment.name.value, fragment])),
  });
}

it('percentiles are found wherever they are asked for, and only then', () => {
  expect(asks('tier groups { buckets { count avg } }')).toBe(false);
  expect(asks('groups { buckets { count median: p50 } }')).toBe(true);
  expect(asks('groups { movingAverage(of: P95) }')).toBe(true);
  expect(asks('groups { ... on AggregateGroup { buckets { p99 } } }')).toBe(true);
  expect(asks('...S', 'fragment S on AggregateSeries { groups { ...G } } fragment G on AggregateGroup { buckets { p95 } }')).toBe(true);
  expect(asks('...S', 'fragment S on AggregateSeries { groups { ...S } tier }')).toBe(false);
});
