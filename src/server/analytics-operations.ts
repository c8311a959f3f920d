import type { ExampleOperation } from './example-operation.ts';

/** What is found in the past: see docs/analytics.md. */
export const ANALYTICS_OPERATIONS: readonly ExampleOperation[] = [
  {
    name: 'UnderlyingAnalytics',
    query: `# What kind of market it is, with what that was judged by, and
# what the rules make of it. Null where too little is known:
# docs/analytics.md says what each rests on.
query UnderlyingAnalytics($symbol: String! = "SPX") {
  underlying(symbol: $symbol) {
    price
    volatility {
      implied ivRank ivPercentile historyDays requiredDays
      realised(days: 10) { value percentile through }
    }
    termStructure {
      slope shape
      points { expiration { date } atTheMoneyVolatility skew25Delta }
    }
    regime {
      volatility {
        label since level
        inputs { ivPercentile realisedVolatilityPercentile termSlope }
      }
      market { label since trendZ efficiency }
    }
    patterns {
      volume { day volume usualVolume zScore patterns { kind from to } }
      consistency {
        price { direction length chance }
        recurringStrikes { right strike days }
      }
    }
    recommendations {
      rule
      action
      evidence { fact value statement }
      counterEvidence { fact value statement }
    }
    anomalies(metric: IMPLIED_VOLATILITY_30D) {
      tier values
      anomalies { kind at value expected zScore }
    }
    forecast(metric: VOLUME, horizonDays: 5) {
      ... on Forecast {
        points { day value lower80 upper80 }
        backTest {
          meanAbsoluteError naiveMeanAbsoluteError beatsNaive coverage80
        }
      }
      ... on ForecastRefusal { reason message }
    }
  }
}`,
  },
  {
    name: 'ScoreCalibration',
    query: `# What was predicted of opportunities that have expired, and what
# became of them: of all, or of filter: { strategies: [BULL_PUT_SPREAD] }.
query ScoreCalibration {
  scoreCalibration {
    settled
    probability {
      meanPredicted
      observed
      skill
      brier { score reliability resolution uncertainty }
      buckets {
        from before count meanPredicted
        observed observedLower observedUpper
      }
    }
    byScore { from before count profitableShare }
    trades { winShare expectancy profitFactor }
  }
}`,
  },
];
