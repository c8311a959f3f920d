/** What is asked of the server while its event loop is watched. */
export interface AskedOperation {
  readonly name: string;
  readonly query: string;
}

const BUCKET = 'start end isFinal count sum avg min max first last stddev p50 p95 p99';
const RESULT = `id detectedAt quotedAt symbol strategy expiration score netCredit maxProfit maxLoss probabilityOfProfit returnOnRisk impliedVolatility delta gamma theta vega
  reasons scoreComponents { name weight value } filter { name } legs { symbol quantity ... on OptionLeg { right strike bid ask delta } }`;

/** @param seededBeforeMs end of the seeded minutes, epoch milliseconds */
export function askedOperations(seededBeforeMs: number, minutes: number): readonly AskedOperation[] {
  const at = (ms: number) => new Date(ms).toISOString();
  const range = `range: { from: "${at(seededBeforeMs - minutes * 60_000)}", before: "${at(seededBeforeMs)}" }`;
  return [
    {
      name: 'aggregates of all minutes',
      query: `{ aggregates(metric: RESULT_SCORE, interval: MINUTE_1, ${range}) { groups { buckets { ${BUCKET} } } } }`,
    },
    {
      name: 'aggregates of gaps',
      query: `{ aggregates(metric: RESULT_EXPECTED_VALUE, interval: MINUTE_1, ${range}, fill: NULL) { groups { buckets { start avg count } } } }`,
    },
    {
      name: 'aggregates by symbol, merged to five minutes',
      query: `{ aggregates(metric: RESULT_SCORE, interval: MINUTE_5, ${range}, groupBy: [SYMBOL]) { groups { dimensions { symbol } buckets { ${BUCKET} } } } }`,
    },
    {
      name: 'a page of 100 results',
      query: `{ scanResults(first: 100) { edges { cursor node { ${RESULT} } } pageInfo { hasNextPage } } }`,
    },
    {
      name: 'a page by score',
      query: '{ scanResults(first: 100, orderBy: { field: SCORE, direction: DESC }) { edges { node { id score } } } }',
    },
    {
      name: 'opportunities',
      query: '{ opportunities(first: 100) { edges { node { id symbol strategy lastScore filter { name } legs { symbol quantity } } } } }',
    },
    { name: 'distribution', query: `{ distribution(metric: RESULT_SCORE, ${range}) { statistics { count mean } bins { count } } }` },
  ];
}

export const SUBSCRIPTIONS: readonly string[] = [
  `subscription { scanResults(snapshot: 20) { phase cursor missed results { ${RESULT} } } }`,
  'subscription { scanResults(filter: { score: { min: 60 } }) { cursor missed results { id symbol score } } }',
  'subscription { scanner { state } }',
  'subscription { opportunities { cursor missed changes { kind opportunity { id symbol lastScore } } } }',
  `subscription { aggregates(metric: RESULT_SCORE, interval: MINUTE_1) { groups { buckets { start count avg } } } }`,
];
