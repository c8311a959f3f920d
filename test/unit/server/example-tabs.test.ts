import { describe, expect, it } from 'vitest';
import { EXAMPLE_OPERATIONS } from '../../../src/server/example-operations.ts';
import { exampleSymbol, exampleTabs } from '../../../src/server/example-tabs.ts';

describe('the tabs of GraphiQL', () => {
  it('ask of SPX where it is scanned or nothing is known, and otherwise of the first that is', () => {
    expect(exampleSymbol(['AAPL', 'SPX'])).toBe('SPX');
    expect(exampleSymbol([])).toBe('SPX');
    expect(exampleSymbol(['BTC', 'ETH'])).toBe('BTC');
    expect(exampleSymbol(['</script>', 'BRK.B'])).toBe('BRK.B');
  });

  it('are the examples, of that symbol', () => {
    expect(exampleTabs('SPX')).toEqual(
      EXAMPLE_OPERATIONS.map(({ query, variables }) => ({ query, ...(variables !== undefined && { variables }) })),
    );
    const queries = exampleTabs('BTC').map(({ query }) => query);
    expect(queries.filter((query) => query.includes('"BTC"')).length).toBeGreaterThanOrEqual(3);
    expect(queries.join(' ')).not.toContain('SPX"');
  });
});
