import type { PricedChain } from '../pricing/priced-chain.ts';
import { type CandidateBatch, MAX_LEGS } from './candidate-batch.ts';
import type { LegValues } from './leg-values.ts';
import { metricColumn } from './metric-column.ts';

/** Fills what follows from the model values of the legs: greeks, volatility, moneyness, probability in the money, expected value. */
export function fillModelMetrics(batch: CandidateBatch, chain: PricedChain, values: LegValues): void {
  fillGreeks(batch, chain);
  fillLegDescriptions(batch, chain, values);
}

function fillGreeks(batch: CandidateBatch, chain: PricedChain): void {
  const columns = chain.columns;
  const delta = metricColumn(batch, 'delta');
  const gamma = metricColumn(batch, 'gamma');
  const theta = metricColumn(batch, 'theta');
  const vega = metricColumn(batch, 'vega');
  const rho = metricColumn(batch, 'rho');
  for (let row = 0; row < batch.size; row++) {
    const first = row * MAX_LEGS;
    const end = first + batch.legCount[row]!;
    let deltaSum: number = batch.stockQuantity[row]!;
    let gammaSum = 0;
    let thetaSum = 0;
    let vegaSum = 0;
    let rhoSum = 0;
    for (let leg = first; leg < end; leg++) {
      const chainRow = batch.legRow[leg]!;
      const quantity = batch.legQuantity[leg]!;
      deltaSum += quantity * columns.delta[chainRow]!;
      gammaSum += quantity * columns.gamma[chainRow]!;
      thetaSum += quantity * columns.theta[chainRow]!;
      vegaSum += quantity * columns.vega[chainRow]!;
      rhoSum += quantity * columns.rho[chainRow]!;
    }
    delta[row] = deltaSum;
    gamma[row] = gammaSum;
    theta[row] = thetaSum;
    vega[row] = vegaSum;
    rho[row] = rhoSum;
  }
}

/** What describes the short legs, or all legs where none is short. */
function fillLegDescriptions(batch: CandidateBatch, chain: PricedChain, values: LegValues): void {
  const columns = chain.columns;
  const moneyness = metricColumn(batch, 'moneyness');
  const impliedVolatility = metricColumn(batch, 'impliedVolatility');
  const shortDelta = metricColumn(batch, 'shortDelta');
  const probabilityInTheMoney = metricColumn(batch, 'probabilityInTheMoney');
  const expectedValue = metricColumn(batch, 'expectedValue');
  for (let row = 0; row < batch.size; row++) {
    const first = row * MAX_LEGS;
    const end = first + batch.legCount[row]!;
    let shortLegs = 0;
    for (let leg = first; leg < end; leg++) if (batch.legQuantity[leg]! < 0) shortLegs++;
    let nearest = Number.POSITIVE_INFINITY;
    let volatilitySum = 0;
    let largestDelta = 0;
    let reached = 0;
    let gain = 0;
    for (let leg = first; leg < end; leg++) {
      const chainRow = batch.legRow[leg]!;
      const quantity = batch.legQuantity[leg]!;
      gain += quantity * values.expectedGain[chainRow]!;
      if (shortLegs > 0 && quantity > 0) continue;
      if (Math.abs(values.moneyness[chainRow]!) < Math.abs(nearest)) nearest = values.moneyness[chainRow]!;
      volatilitySum += columns.impliedVolatility[chainRow]!;
      largestDelta = Math.max(largestDelta, Math.abs(columns.delta[chainRow]!));
      reached += values.probabilityInTheMoney[chainRow]!;
    }
    moneyness[row] = nearest;
    impliedVolatility[row] = volatilitySum / (shortLegs > 0 ? shortLegs : end - first);
    shortDelta[row] = shortLegs > 0 ? largestDelta : Number.NaN;
    probabilityInTheMoney[row] = Math.min(1, reached);
    expectedValue[row] = gain;
  }
}
