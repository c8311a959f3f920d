import type { CandidateBatch } from '../candidates/candidate-batch.ts';
import { metricColumn } from '../candidates/metric-column.ts';

/** The columns that scores are made of, looked up once per batch. */
export interface ScoreColumns {
  readonly underlyingPrice: Float64Array;
  readonly daysToExpiration: Float64Array;
  readonly probabilityOfProfit: Float64Array;
  readonly netCredit: Float64Array;
  readonly maxProfit: Float64Array;
  readonly maxLoss: Float64Array;
  readonly expectedValue: Float64Array;
  readonly expectedMove: Float64Array;
  readonly impliedVolatility: Float64Array;
  readonly ivRank: Float64Array;
  readonly theta: Float64Array;
  readonly spreadPercent: Float64Array;
  readonly openInterest: Float64Array;
  readonly volume: Float64Array;
}

export function scoreColumns(batch: CandidateBatch): ScoreColumns {
  return {
    underlyingPrice: metricColumn(batch, 'underlyingPrice'),
    daysToExpiration: metricColumn(batch, 'daysToExpiration'),
    probabilityOfProfit: metricColumn(batch, 'probabilityOfProfit'),
    netCredit: metricColumn(batch, 'netCredit'),
    maxProfit: metricColumn(batch, 'maxProfit'),
    maxLoss: metricColumn(batch, 'maxLoss'),
    expectedValue: metricColumn(batch, 'expectedValue'),
    expectedMove: metricColumn(batch, 'expectedMove'),
    impliedVolatility: metricColumn(batch, 'impliedVolatility'),
    ivRank: metricColumn(batch, 'ivRank'),
    theta: metricColumn(batch, 'theta'),
    spreadPercent: metricColumn(batch, 'spreadPercent'),
    openInterest: metricColumn(batch, 'openInterest'),
    volume: metricColumn(batch, 'volume'),
  };
}
