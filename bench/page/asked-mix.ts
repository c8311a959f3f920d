import { makeDrafts } from '../result-drafts.ts';
import { seededRandom } from '../seeded-random.ts';
import type { AskedOperation } from './page-server.ts';
import { SELECTED_FIELDS } from './selected-fields.ts';

/** Underlyings of which equally many results are found, and strategies of which a few are found, each half as often as the one before. */
const SYMBOLS = Array.from({ length: 20 }, (_, index) => `SYM${index + 1}`);
const STRATEGIES = ['BULL_PUT_SPREAD', 'BEAR_CALL_SPREAD', 'IRON_CONDOR', 'COVERED_CALL', 'CASH_SECURED_PUT', 'SHORT_STRANGLE'] as const;

const PAGE_ROWS = 50;
const FIELDS = SELECTED_FIELDS.join(' ');
const PAGE = `query Page($filter: ScanResultFilter, $after: String) {
  scanResults(first: ${PAGE_ROWS}, filter: $filter, after: $after) { edges { cursor node { ${FIELDS} } } pageInfo { hasNextPage endCursor } }
}`;
const ONE = `query One($id: ID!) { scanResult(id: $id) { ${FIELDS} legs { symbol quantity } scoreComponents { name value explanation } } }`;

/** What people and programs ask for who look at what is found now: shares of all that is asked. */
export const ASKED = {
  'the newest page': 0.4,
  'the page behind it': 0.15,
  'the newest of an underlying': 0.15,
  'the newest of a strategy': 0.1,
  'one of the newest page, by its id': 0.15,
  'a page of long ago': 0.05,
} as const;
export type Asked = keyof typeof ASKED;

/** Results of several underlyings and strategies, with numbers from a seed. */
export function makeMixedDrafts(count: number, seed: number): ReturnType<typeof makeDrafts> {
  const random = seededRandom(seed);
  return makeDrafts(count, seed).map((draft) => {
    const rarity = Math.min(STRATEGIES.length - 1, Math.floor(-Math.log2(1 - random())));
    return { ...draft, symbol: SYMBOLS[Math.floor(random() * SYMBOLS.length)]!, strategy: STRATEGIES[rarity]! };
  });
}

export interface Stored {
  /** Cursors of the last row of the newest page, and of rows that lie long ago. */
  readonly endOfNewest: string;
  readonly longAgo: readonly string[];
  /** Global ids of the newest page. */
  readonly newestIds: readonly string[];
}

/** That many operations of a kind, from a seed. */
export function operationsOf(kind: Asked, count: number, { endOfNewest, longAgo, newestIds }: Stored, seed: number): AskedOperation[] {
  const random = seededRandom(seed);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
  const make: Record<Asked, () => AskedOperation> = {
    'the newest page': () => ({ query: PAGE }),
    'the page behind it': () => ({ query: PAGE, variables: { after: endOfNewest } }),
    'the newest of an underlying': () => ({ query: PAGE, variables: { filter: { symbols: { in: [pick(SYMBOLS)] } } } }),
    'the newest of a strategy': () => ({ query: PAGE, variables: { filter: { strategies: { in: [pick(STRATEGIES)] } } } }),
    'one of the newest page, by its id': () => ({ query: ONE, variables: { id: pick(newestIds) } }),
    'a page of long ago': () => ({ query: PAGE, variables: { after: pick(longAgo) } }),
  };
  return Array.from({ length: count }, make[kind]);
}
