import { getIntrospectionQuery, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../../../src/schema/index.ts';
import { EXAMPLE_OPERATIONS } from '../../../../src/server/example-operations.ts';
import { measureOperation } from '../../../../src/server/limits/measure-operation.ts';

function measure(query: string, variables?: Record<string, unknown>, operationName?: string) {
  return measureOperation({ schema, document: parse(query), operationName, variables, defaultPageSize: 50 });
}

describe('the measure of an operation', () => {
  it('counts levels, aliases, directives and root fields', () => {
    expect(measure('query @a { one: scanner @b { state } two: scanner { cycle { s: symbolsDone } } }')).toMatchObject({
      depth: 3,
      aliases: 3,
      directives: 2,
      rootFields: 2,
    });
  });

  it('counts fragments wherever they are spread', () => {
    const query =
      '{ a: scanner { ...F } b: scanner { ...F ... on Scanner { ...F } } } fragment F on Scanner { x: state cycle { y: symbolsDone } }';
    expect(measure(query)).toMatchObject({ aliases: 2 + 3 * 2, rootFields: 2, depth: 3 });
  });

  it('costs the rows asked for, not those that come', () => {
    const page = (first: number) => measure(`{ scanResults(first: ${first}) { edges { node { filter { name } } } } }`).cost;
    expect(page(10)).toBe(10 * (1 + 1 + 1 + 1));
    expect(page(100)).toBe(10 * page(10));
    expect(page(0)).toBe(page(1));
  });

  it('takes variables, their defaults, and the size of a page that is not given', () => {
    const query = 'query ($n: Int = 7) { scanResults(first: $n) { edges { cursor } } }';
    expect(measure(query, { n: 3 }).cost).toBe(3 * 2);
    expect(measure(query).cost).toBe(7 * 2);
    expect(measure(query, { n: 'nonsense' }).cost).toBe(50 * 2);
    expect(measure('{ scanResults(last: 4) { edges { cursor } } }').cost).toBe(4 * 2);
    expect(measure('{ scanResults { edges { cursor } } }').cost).toBe(50 * 2);
  });

  it('multiplies pages within pages and lists of ids', () => {
    expect(measure('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: ['a', 'b', 'c'] }).cost).toBe(3);
    expect(measure('{ nodes(ids: ["a", "b"]) { id } }').cost).toBe(2);
  });

  it('takes lists for as long as the field above them is asked to make them, also through fragments', () => {
    const aggregates = (args: string, fields = 'groups { buckets { count } }', rest = '') =>
      measure(`{ aggregates(metric: RESULT_SCORE, ${args}) { ${fields} } } ${rest}`).cost;
    const day = 'interval: HOUR_1, range: { from: "2024-05-06T00:00:00Z", before: "2024-05-07T00:00:00Z" }';
    expect(aggregates(day)).toBe(1 + 1 + 24);
    expect(aggregates(`groupBy: [SYMBOL], ${day}`)).toBe(1 + 10 * (1 + 24));
    expect(aggregates(day, '...S', 'fragment S on AggregateSeries { groups { buckets { count } } }')).toBe(1 + 1 + 24);
    expect(aggregates('interval: HOUR_1, range: { from: "nonsense" }')).toBe(1 + 1 + 1);
    expect(aggregates('interval: HOUR_1, range: { from: "2024-05-07T00:00:00Z", before: "2024-05-06T00:00:00Z" }')).toBe(1 + 1 + 1);
    expect(aggregates('interval: MINUTE_1, range: { from: "1000-01-01T00:00:00Z" }')).toBe(1 + 1 + 20_000);
    const bins = (count: number) => measure(`{ distribution(metric: RESULT_SCORE, range: {}, bins: ${count}) { bins { count } } }`).cost;
    expect(bins(17) - bins(7)).toBe(10);
  });

  it('costs the work of a field each time it is asked for, once however many rows it has', () => {
    const of = (fields: string, root = 'underlying(symbol: "SPX")') => measure(`{ ${root} { ${fields} } }`).cost;
    const forecast = 'forecast(metric: PRICE) { __typename }';
    const points = of(forecast) - 2;
    expect(points).toBeGreaterThanOrEqual(1_000);
    expect(of(`${forecast} again: ${forecast}`)).toBe(1 + 2 * (1 + points));
    expect(of(`edges { node { ${forecast} } }`, 'underlyings(first: 7)')).toBe(7 * (1 + 1 + 1 + 1 + points));
    const rule = of('recommendations { rule }');
    expect(of('recommendations { rule evidence { fact } }')).toBe(rule + 10 * 10);
    expect(measure('{ ...F } fragment F on Query { underlying(symbol: "SPX") { forecast(metric: PRICE) { __typename } } }').cost).toBe(
      2 + points,
    );
  });

  it('does not let one field say how long the lists of another are', () => {
    const short = 'interval: DAY_1, range: { from: "2024-05-06T00:00:00Z", before: "2024-05-07T00:00:00Z" }';
    const long = 'interval: MINUTE_1, range: { from: "2024-05-06T00:00:00Z", before: "2024-05-07T00:00:00Z" }';
    const query = `{ a: aggregates(metric: RESULT_SCORE, ${short}) { ...S } b: aggregates(metric: RESULT_SCORE, ${long}) { ...S } }
      fragment S on AggregateSeries { groups { buckets { count } } }`;
    expect(measure(query).cost).toBe(1 + 1 + 1 + (1 + 1 + 1_440));
  });

  it('costs of a subscription what comes in a second: fewer events when fewer are asked for, and a snapshot besides', () => {
    const cost = (delivery: string, variables?: Record<string, unknown>) =>
      measure(`subscription S${variables ? '($d: DeliveryInput, $r: Float)' : ''} { scanResults${delivery} { results { id } } }`, variables)
        .cost;
    const event = 1 + 10;
    expect(cost('')).toBe(10 * event);
    expect(cost('(delivery: { maxRatePerSecond: 2 })')).toBe(2 * event);
    expect(cost('(delivery: { maxRatePerSecond: 0.5 })')).toBe(Math.ceil(0.5 * event));
    expect(cost('(delivery: { maxRatePerSecond: 900 })')).toBe(10 * event);
    expect(cost('(delivery: $d)', { d: { maxRatePerSecond: 3 } })).toBe(3 * event);
    expect(cost('(delivery: { maxRatePerSecond: $r })', { r: 4 })).toBe(4 * event);
    expect(cost('(snapshot: 100, delivery: { maxRatePerSecond: 1 })')).toBe(1 * event + 10 * event);
  });

  it('is finite for fragments that double at each step', () => {
    const steps = Array.from({ length: 60 }, (_, index) => `fragment F${index} on Scanner { ...F${index + 1} ...F${index + 1} }`).join(' ');
    const { aliases, cost } = measure(`{ scanner { ...F0 } } ${steps} fragment F60 on Scanner { x: state cycle { symbolsDone } }`);
    expect(aliases).toBe(1e9);
    expect(cost).toBeLessThanOrEqual(1e9);
  });

  it('leaves room for the regime of each underlying of a page, and not for a forecast of each', () => {
    const page = (fields: string) => measure(`{ underlyings(first: 50) { edges { node { symbol ${fields} } } } }`).cost;
    expect(page('volatility { ivRank } regime { volatility { label } market { label } }')).toBeLessThan(50_000);
    expect(page('forecast(metric: VOLUME) { __typename }')).toBeGreaterThan(50_000);
  });

  it('leaves room for introspection and for every example', () => {
    expect(measure(getIntrospectionQuery()).depth).toBeLessThanOrEqual(20);
    for (const { query } of EXAMPLE_OPERATIONS) expect(measure(query).cost).toBeLessThan(50_000);
  });
});
