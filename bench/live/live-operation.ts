/** What a screen of live results shows; every contestant is asked for it. */
const SELECTION = `phase cursor missed results {
  id detectedAt symbol strategy expiration netCredit maxProfit maxLoss probabilityOfProfit returnOnRisk score reasons
}`;

export const SCAN_RESULTS = `subscription { scanResults { ${SELECTION} } }`;

/** With a filter of its own for each subscriber. */
export const FILTERED_SCAN_RESULTS = `subscription Filtered($filter: ScanResultFilter) { scanResults(filter: $filter) { ${SELECTION} } }`;

/** The operation's id on each socket: the same everywhere, so that the messages are. */
export const OPERATION_ID = '1';

export interface LiveOperation {
  readonly query: string;
  readonly variables: LiveVariables;
}

export interface LiveVariables {
  readonly filter?: LiveFilter;
}

/** The part of the product's filters that these benchmarks use. */
export interface LiveFilter {
  readonly symbols?: { readonly in: readonly string[] };
  readonly score?: { readonly min: number; readonly max: number };
}
