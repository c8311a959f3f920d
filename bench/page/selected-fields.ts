/** What a screen of results shows: every contestant that speaks GraphQL is asked for these. */
export const SELECTED_FIELDS = [
  'id',
  'detectedAt',
  'symbol',
  'strategy',
  'expiration',
  'netCredit',
  'maxProfit',
  'maxLoss',
  'probabilityOfProfit',
  'returnOnRisk',
  'score',
  'reasons',
] as const;

export const PAGE_ROWS = 100;
