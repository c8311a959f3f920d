import type { PricedChain } from '../pricing/priced-chain.ts';
import { type CandidateBatch, MAX_LEGS } from './candidate-batch.ts';
import { metricColumn } from './metric-column.ts';

/** Fills what follows from the quotes of the option legs: combined bid and ask, premium, volume and open interest. */
export function fillQuoteMetrics(batch: CandidateBatch, chain: PricedChain): void {
  const quotes = chain.snapshot.quotes;
  const marks = chain.columns.mark;
  const bid = metricColumn(batch, 'bid');
  const ask = metricColumn(batch, 'ask');
  const mark = metricColumn(batch, 'mark');
  const spread = metricColumn(batch, 'spread');
  const spreadPercent = metricColumn(batch, 'spreadPercent');
  const volume = metricColumn(batch, 'volume');
  const openInterest = metricColumn(batch, 'openInterest');
  const volumeToOpenInterest = metricColumn(batch, 'volumeToOpenInterest');
  const premium = metricColumn(batch, 'premium');
  for (let row = 0; row < batch.size; row++) {
    const first = row * MAX_LEGS;
    const end = first + batch.legCount[row]!;
    let sold = 0;
    let bought = 0;
    let middle = 0;
    let total = 0;
    let smallestVolume = Number.POSITIVE_INFINITY;
    let smallestOpenInterest = Number.POSITIVE_INFINITY;
    let volumeThere = Number.NaN;
    for (let leg = first; leg < end; leg++) {
      const chainRow = batch.legRow[leg]!;
      const quantity = batch.legQuantity[leg]!;
      sold += quantity * (quantity > 0 ? quotes.bid[chainRow]! : quotes.ask[chainRow]!);
      bought += quantity * (quantity > 0 ? quotes.ask[chainRow]! : quotes.bid[chainRow]!);
      middle += quantity * marks[chainRow]!;
      total += Math.abs(quantity) * marks[chainRow]!;
      smallestVolume = Math.min(smallestVolume, quotes.volume[chainRow]!);
      const open = quotes.openInterest[chainRow]!;
      // A leg whose open interest is not known leaves the smallest unknown, and it stays so: nothing compares as smaller than NaN.
      if (open < smallestOpenInterest || Number.isNaN(open)) {
        smallestOpenInterest = open;
        volumeThere = quotes.volume[chainRow]!;
      }
    }
    bid[row] = sold;
    ask[row] = bought;
    mark[row] = middle;
    spread[row] = bought - sold;
    spreadPercent[row] = (bought - sold) / Math.abs(middle);
    volume[row] = smallestVolume;
    openInterest[row] = smallestOpenInterest;
    volumeToOpenInterest[row] = volumeThere / smallestOpenInterest;
    premium[row] = total;
  }
}
