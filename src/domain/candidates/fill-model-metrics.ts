import type { PricedChain } from '../pricing/priced-chain.ts';
import { type CandidateBatch, MAX_LEGS } from './candidate-batch.ts';
import type { LegValues } from './leg-values.ts';
import { metricColumn } from './metric-column.ts';

/** Fills what follows from the model values of the legs: greeks, moneyness, probability in the money, expected value. */
export function fillModelMetrics(batch: CandidateBatch, chain: PricedChain, values: LegValues): void {
  fillGreeks(batch, chain);
  fillLegDescriptions(batch, values);
}

function fillGreeks(batch: CandidateBatch, chain: PricedChain): void {
  // In locals, because the compiler loads a property again in every turn of a loop.
  const { size, legCount, legRow, legQuantity, stockQuantity } = batch;
  const { delta: deltas, gamma: gammas, theta: thetas, vega: vegas, rho: rhos } = chain.columns;
  const delta = metricColumn(batch, 'delta');
  const gamma = metricColumn(batch, 'gamma');
  const theta = metricColumn(batch, 'theta');
  const vega = metricColumn(batch, 'vega');
  const rho = metricColumn(batch, 'rho');
  const netCredit = metricColumn(batch, 'netCredit');
  const thetaYield = metricColumn(batch, 'thetaYield');
  for (let row = 0; row < size; row++) {
    const first = row * MAX_LEGS;
    const end = first + legCount[row]!;
    let deltaSum: number = stockQuantity[row]!;
    let gammaSum = 0;
    let thetaSum = 0;
    let vegaSum = 0;
    let rhoSum = 0;
    for (let leg = first; leg < end; leg++) {
      const chainRow = legRow[leg]!;
      const quantity = legQuantity[leg]!;
      deltaSum += quantity * deltas[chainRow]!;
      gammaSum += quantity * gammas[chainRow]!;
      thetaSum += quantity * thetas[chainRow]!;
      vegaSum += quantity * vegas[chainRow]!;
      rhoSum += quantity * rhos[chainRow]!;
    }
    delta[row] = deltaSum;
    gamma[row] = gammaSum;
    theta[row] = thetaSum;
    vega[row] = vegaSum;
    rho[row] = rhoSum;
    thetaYield[row] = netCredit[row]! > 0 ? thetaSum / netCredit[row]! : Number.NaN;
  }
}

/** What describes the short legs, or all legs where none is short. */
function fillLegDescriptions(batch: CandidateBatch, values: LegValues): void {
  const { size, legCount, legRow, legQuantity } = batch;
  const { moneyness: moneynesses, probabilityInTheMoney: probabilities, expectedGain } = values;
  const moneyness = metricColumn(batch, 'moneyness');
  const shortDelta = metricColumn(batch, 'shortDelta');
  const probabilityInTheMoney = metricColumn(batch, 'probabilityInTheMoney');
  const expectedValue = metricColumn(batch, 'expectedValue');
  for (let row = 0; row < size; row++) {
    const first = row * MAX_LEGS;
    const end = first + legCount[row]!;
    const hasShortLeg = !Number.isNaN(shortDelta[row]!);
    let nearest = Number.POSITIVE_INFINITY;
    let reached = 0;
    let gain = 0;
    for (let leg = first; leg < end; leg++) {
      const chainRow = legRow[leg]!;
      const quantity = legQuantity[leg]!;
      gain += quantity * expectedGain[chainRow]!;
      if (hasShortLeg && quantity > 0) continue;
      if (Math.abs(moneynesses[chainRow]!) < Math.abs(nearest)) nearest = moneynesses[chainRow]!;
      reached += probabilities[chainRow]!;
    }
    moneyness[row] = nearest;
    probabilityInTheMoney[row] = Math.min(1, reached);
    expectedValue[row] = gain;
  }
}
