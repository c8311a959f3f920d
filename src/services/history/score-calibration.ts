import { type Calibration, type CalibrationBucket, calibrate } from '../../domain/analytics/calibration/calibrate.ts';
import { type TradeStatistics, tradeStatistics } from '../../domain/analytics/performance/trade-statistics.ts';
import { DAY_MS } from '../../domain/calendar/day-number.ts';
import { profitAtExpiration } from '../../domain/opportunities/profit-at-expiration.ts';
import type { OpportunityQuery } from '../opportunities/opportunity-query.ts';
import type { SettledOpportunityStore } from '../opportunities/settled-opportunities.ts';

/** What was predicted of opportunities when they entered, against what became of them. */
export interface ScoreCalibration {
  /** Those that entered from here on, epoch milliseconds; */
  readonly fromMs: number;
  /** up to here, exclusive. */
  readonly beforeMs: number;
  /** Whose outcome is known. */
  readonly settled: number;
  /** Of the probability of profit; null: of none it was known. */
  readonly probability: Calibration | null;
  /** Share with a profit by score; the bounds and the mean are scores divided by 100. */
  readonly byScore: readonly CalibrationBucket[];
  /** Profits as a share of the price of the underlying when the opportunity entered; null of none. */
  readonly trades: TradeStatistics | null;
}

export interface ScoreCalibrationService {
  calibration(
    query: OpportunityQuery,
    range: { readonly fromMs: number | undefined; readonly beforeMs: number | undefined },
  ): Promise<ScoreCalibration>;
}

/** Looked at when no beginning is given. */
const DEFAULT_DAYS = 90;

export function createScoreCalibrationService({
  settled,
  clock,
}: {
  readonly settled: SettledOpportunityStore;
  readonly clock: () => number;
}): ScoreCalibrationService {
  return {
    async calibration(query, range) {
      const beforeMs = range.beforeMs ?? clock();
      const fromMs = range.fromMs ?? beforeMs - DEFAULT_DAYS * DAY_MS;
      const outcomes = (await settled.settled({ ...query, fromMs, beforeMs })).map(
        ({ legs, price, probabilityOfProfit, score, ...opened }) => {
          const profit = profitAtExpiration(legs, price, opened);
          return { profit: profit / opened.underlyingPrice, happened: profit > 0, probability: probabilityOfProfit ?? Number.NaN, score };
        },
      );
      return {
        fromMs,
        beforeMs,
        settled: outcomes.length,
        probability: calibrate(outcomes),
        byScore: calibrate(outcomes.map(({ score, happened }) => ({ probability: score / 100, happened })))?.buckets ?? [],
        trades: tradeStatistics(outcomes.map(({ profit }) => profit)),
      };
    },
  };
}
