import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createSharedKey } from '../../../../src/server/websocket/shared-key.ts';

const sharedKey = createSharedKey();

function keyOf(query: string, variables?: Record<string, unknown>, operationName?: string): string {
  return sharedKey({ query, document: parse(query), operationName, variables });
}

const VARIABLES =
  'subscription ($after: String, $snapshot: Int, $filter: ScanResultFilter) { scanResults(after: $after, snapshot: $snapshot, filter: $filter) { cursor } }';

describe('subscriptions may share executions', () => {
  it('when only the place where they begin differs, as a variable', () => {
    const filter = { symbols: { in: ['AAA'] } };
    expect(keyOf(VARIABLES, { after: 'one', filter })).toBe(keyOf(VARIABLES, { filter, snapshot: 5 }));
  });

  it('when only the place where they begin differs, as a literal', () => {
    const query = (after: string) => `subscription { scanResults(after: "${after}", snapshot: 3) { cursor } }`;
    expect(keyOf(query('one'))).toBe(keyOf(query('two')));
  });

  it('whatever the order of their variables', () => {
    expect(keyOf(VARIABLES, { after: null, filter: {}, other: 1 })).toBe(keyOf(VARIABLES, { other: 1, filter: {} }));
  });
});

describe('subscriptions may not share executions', () => {
  it('when other variables differ', () => {
    expect(keyOf(VARIABLES, { filter: { symbols: { in: ['AAA'] } } })).not.toBe(keyOf(VARIABLES, { filter: { symbols: { in: ['BBB'] } } }));
  });

  it('when literals of different lengths move what stands behind them: places of errors are told by line and column', () => {
    const query = (after: string) => `subscription { scanResults(after: "${after}") { cursor } }`;
    expect(keyOf(query('one'))).not.toBe(keyOf(query('three')));
  });

  it('when their documents differ, be it in white space: places of errors are told by line and column', () => {
    expect(keyOf('subscription { scanResults { cursor } }')).not.toBe(keyOf('subscription {  scanResults { cursor } }'));
  });

  it('when they are different operations of one document', () => {
    const document = 'subscription A { scanResults { cursor } } subscription B { scanResults { missed } }';
    expect(keyOf(document, {}, 'A')).not.toBe(keyOf(document, {}, 'B'));
  });

  it('when what says where they begin is used for something else as well', () => {
    const twice = 'subscription ($snapshot: Int!) { scanResults(snapshot: $snapshot) { results { history(first: $snapshot) { id } } } }';
    expect(keyOf(twice, { snapshot: 1 })).not.toBe(keyOf(twice, { snapshot: 2 }));
    const inFragment =
      'subscription ($snapshot: Int!) { scanResults(snapshot: $snapshot) { ...F } } fragment F on ScanResultBatch { x(y: $snapshot) }';
    expect(keyOf(inFragment, { snapshot: 1 })).not.toBe(keyOf(inFragment, { snapshot: 2 }));
  });

  it('when an argument of the same name of another field differs', () => {
    const query = (after: string) => `subscription { scanResults { results { history(after: ${after}) { id } } } }`;
    expect(keyOf(query('"one"'))).not.toBe(keyOf(query('"another"')));
  });
});
