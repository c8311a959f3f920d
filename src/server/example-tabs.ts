import { EXAMPLE_OPERATIONS } from './example-operations.ts';

/** What the examples name. */
const NAMED = 'SPX';
/** What is written into a page as it is. */
const PLAIN_SYMBOL = /^[\w.^-]{1,20}$/;

/** What the examples ask of: what they name, or the first that is scanned when that is not. */
export function exampleSymbol(watchlist: readonly string[]): string {
  if (watchlist.includes(NAMED)) return NAMED;
  return watchlist.find((symbol) => PLAIN_SYMBOL.test(symbol)) ?? NAMED;
}

/** The examples as the tabs of GraphiQL. @param symbol that those which ask of one underlying ask of */
export function exampleTabs(symbol: string): { readonly query: string; readonly variables?: string }[] {
  return EXAMPLE_OPERATIONS.map(({ query, variables }) => ({
    query: query.replaceAll(`"${NAMED}"`, `"${symbol}"`),
    ...(variables !== undefined && { variables }),
  }));
}
