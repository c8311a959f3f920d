import type { PricedChain } from '../pricing/priced-chain.ts';
import { type CandidateBatch, MAX_LEGS } from './candidate-batch.ts';
import { metricColumn } from './metric-column.ts';

/** Fills implied volatility, of the short legs or of all where none is short, and shortDelta, NaN where none is. Legs are tradable: their values are known. */
export function fillLegMetrics(batch: CandidateBatch, chain: PricedChain): void {
  // In locals, because the compiler loads a property again in every turn of a loop.
  const { size, legCount, legRow, legQuantity } = batch;
  const { impliedVolatility: volatilities, delta: deltas } = chain.columns;
  const impliedVolatility = metricColumn(batch, 'impliedVolatility');
  const shortDelta = metricColumn(batch, 'shortDelta');
  for (let row = 0; row < size; row++) {
    const first = row * MAX_LEGS;
    const end = first + legCount[row]!;
    let shortLegs = 0;
    let shortSum = 0;
    let longSum = 0;
    let largestDelta = 0;
    for (let leg = first; leg < end; leg++) {
      const chainRow = legRow[leg]!;
      if (legQuantity[leg]! < 0) {
        shortLegs++;
        shortSum += volatilities[chainRow]!;
        // Comparisons cost less than Math.max and Math.abs here.
        const delta = deltas[chainRow]!;
        if (delta > largestDelta) largestDelta = delta;
        else if (-delta > largestDelta) largestDelta = -delta;
      } else longSum += volatilities[chainRow]!;
    }
    impliedVolatility[row] = shortLegs > 0 ? shortSum / shortLegs : longSum / (end - first);
    shortDelta[row] = shortLegs > 0 ? largestDelta : Number.NaN;
  }
}
