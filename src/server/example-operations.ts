import { ANALYTICS_OPERATIONS } from './analytics-operations.ts';
import type { ExampleOperation } from './example-operation.ts';
import { WALK_OPERATIONS } from './walk-operations.ts';

/** What GraphiQL opens with. */
export const EXAMPLE_OPERATIONS: readonly ExampleOperation[] = [
  {
    name: 'LiveResults',
    query: `# Press play: the newest results, then each one as the scanner finds it. Give the last cursor as $after to go on where you stopped.
subscription LiveResults($after: String) {
  scanResults(filter: { score: { min: 40 } }, snapshot: 20, after: $after) {
    phase
    cursor
    missed
    results {
      symbol
      strategy
      expiration
      score
      netCredit
      probabilityOfProfit
      returnOnRisk
      filter { name }
      legs {
        symbol
        quantity
        ... on OptionLeg {
          right
          strike
          bid
          ask
          delta
        }
      }
      reasons
    }
  }
}`,
  },
  {
    name: 'BestResults',
    query: `query BestResults {
  scanResults(
    filter: {
      strategies: { in: [BULL_PUT_SPREAD, BEAR_CALL_SPREAD, IRON_CONDOR] }
      probabilityOfProfit: { min: 0.6 }
    }
    orderBy: { field: SCORE, direction: DESC }
    first: 20
  ) {
    edges {
      cursor
      node {
        id
        detectedAt
        symbol
        underlying { price ivRank }
        strategy
        expiration
        daysToExpiration
        netCredit
        maxProfit
        maxLoss
        breakevens
        probabilityOfProfit
        returnOnRisk
        annualizedReturn
        score
        scoreComponents { name weight value explanation }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}`,
  },
  ...WALK_OPERATIONS,
  {
    name: 'Alerts',
    query: `# The newest alerts, and what has happened to each.
query Alerts {
  alerts(first: 20) {
    edges {
      node {
        id
        ruleName
        title
        severity
        status
        value
        level
        firedAt
        resolvedAt
        resolveReason
        labels { name value }
        history { at kind actor comment notify }
      }
    }
  }
  alertRules(first: 20) {
    edges { node { id name enabled revision severity groupBy condition { __typename } } }
  }
}`,
  },
  {
    name: 'Notifications',
    query: `# Where alerts are told, what was sent, and how each attempt ended.
query Notifications {
  notificationChannels(first: 20) {
    edges { node { id name kind enabled disabledReason breaker { phase openUntil } } }
  }
  notifications(first: 20) {
    edges {
      node {
        id
        kind
        state
        reason
        subject
        channel { name }
        attempts { number startedAt durationMs outcome status responseExcerpt error }
      }
    }
  }
}`,
  },
  {
    name: 'ScannerProgress',
    query: `subscription ScannerProgress {
  scanner {
    state
    feedDescription
    contractsPerSecond
    cycle {
      symbolsDone
      symbolsTotal
      contracts
      candidates
      results
      duplicates
    }
    totals { contracts results duplicates }
    failing { symbol code message }
  }
}`,
  },
  {
    name: 'Underlyings',
    query: `query Underlyings {
  underlyings(first: 50) {
    edges {
      node {
        symbol
        kind
        price
        impliedVolatility30d
        contractCount
        quotedAt
        expirations {
          date
          root
          daysToExpiration
          forward
          atTheMoneyVolatility
        }
      }
    }
  }
}`,
  },
  {
    name: 'LiveAggregates',
    query: `# The minute that grows, once a second, and each minute once more when it is final.
subscription LiveAggregates {
  aggregates(metric: RESULT_SCORE, interval: MINUTE_1, groupBy: [STRATEGY]) {
    asOf
    groups {
      dimensions { strategy }
      buckets { start count avg p95 last isFinal }
    }
  }
}`,
  },
  {
    name: 'PriceHistory',
    query: `# Open, high, low and close by the days of a time zone, with the
# mean of the last 5 closes.
query PriceHistory(
  $symbol: String! = "SPX"
  $from: DateTime! = "2019-01-01T00:00:00Z"
  $timeZone: String! = "America/New_York"
) {
  aggregates(
    metric: UNDERLYING_PRICE
    interval: DAY_1
    timeZone: $timeZone
    range: { from: $from }
    filter: { symbols: [$symbol] }
  ) {
    tier
    groups {
      buckets { start open: first high: max low: min close: last isFinal }
      movingAverage(period: 5, kind: SMA, of: LAST)
    }
  }
  distribution(
    metric: RESULT_SCORE
    range: { from: $from }
    filter: { symbols: [$symbol] }
  ) {
    statistics { count mean stddev p5 median p95 }
    bins { from to count }
  }
}`,
  },
  ...ANALYTICS_OPERATIONS,
  {
    name: 'Filters',
    query: `query Filters {
  filters {
    edges {
      node {
        id
        name
        description
        enabled
        revision
        criteria {
          strategies { in }
          daysToExpiration { min max }
          shortDelta { min max }
          probabilityOfProfit { min }
          returnOnRisk { min }
          any { ivRank { min isNull } impliedVolatility { min } }
        }
      }
    }
  }
}`,
  },
  {
    name: 'FilterHistory',
    query: `# Who changed which filter, when and why. Your own: filters(mine: true).
query FilterHistory {
  filters(first: 10) {
    edges {
      node {
        name
        owner
        visibility
        canEdit
        revision
        revisions(first: 5) {
          edges { node { revision at kind actor reason changes { path from to } } }
        }
      }
    }
  }
}`,
  },
  {
    name: 'CreateFilter',
    query: `mutation CreateFilter {
  filterCreate(
    input: {
      name: "Wide condors"
      description: "Iron condors that pay a third of their risk"
      criteria: {
        strategies: { in: [IRON_CONDOR] }
        returnOnRisk: { min: 0.33 }
        daysToExpiration: { min: 20, max: 60 }
      }
    }
  ) {
    ... on FilterCreatePayload { filter { id name revision } }
    ... on Error { message }
    ... on ValidationError { issues { path message } }
  }
}`,
  },
  {
    name: 'RequestScan',
    query: `mutation RequestScan {
  scanRequest(input: { symbols: ["SPX"] }) {
    ... on ScanRequestPayload { scanRun { id state symbols } }
    ... on Error { message }
  }
}`,
  },
];
