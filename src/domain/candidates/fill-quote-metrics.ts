import type { PricedChain } from '../pricing/priced-chain.ts';
import { type CandidateBatch, MAX_LEGS } from './candidate-batch.ts';
import { metricColumn } from './metric-column.ts';

/** Fills what follows from the quotes of the option legs: combined bid and ask, premium, volume and open interest. */
export function fillQuoteMetrics(batch: CandidateBatch, chain: PricedChain): void {
  // In locals, because the compiler loads a property again in every turn of a loop.
  const { size, legCount, legRow, legQuantity } = batch;
  const { bid: bids, ask: asks, volume: volumes, openInterest: openInterests } = chain.snapshot.quotes;
  const { mark: marks } = chain.columns;
  const bid = metricColumn(batch, 'bid');
  const ask = metricColumn(batch, 'ask');
  const mark = metricColumn(batch, 'mark');
  const spread = metricColumn(batch, 'spread');
  const spreadPercent = metricColumn(batch, 'spreadPercent');
  const volume = metricColumn(batch, 'volume');
  const openInterest = metricColumn(batch, 'openInterest');
  const volumeToOpenInterest = metricColumn(batch, 'volumeToOpenInterest');
  const premium = metricColumn(batch, 'premium');
  for (let row = 0; row < size; row++) {
    const first = row * MAX_LEGS;
    const end = first + legCount[row]!;
    let sold = 0;
    let bought = 0;
    let middle = 0;
    let total = 0;
    let smallestVolume = Number.POSITIVE_INFINITY;
    let smallestOpenInterest = Number.POSITIVE_INFINITY;
    let volumeThere = Number.NaN;
    for (let leg = first; leg < end; leg++) {
      const chainRow = legRow[leg]!;
      const quantity = legQuantity[leg]!;
      sold += quantity * (quantity > 0 ? bids[chainRow]! : asks[chainRow]!);
      bought += quantity * (quantity > 0 ? asks[chainRow]! : bids[chainRow]!);
      middle += quantity * marks[chainRow]!;
      total += Math.abs(quantity) * marks[chainRow]!;
      smallestVolume = Math.min(smallestVolume, volumes[chainRow]!);
      const open = openInterests[chainRow]!;
      // A leg whose open interest is not known leaves the smallest unknown, and it stays so: nothing compares as smaller than NaN.
      if (open < smallestOpenInterest || Number.isNaN(open)) {
        smallestOpenInterest = open;
        volumeThere = volumes[chainRow]!;
      }
    }
    bid[row] = sold;
    ask[row] = bought;
    mark[row] = middle;
    spread[row] = bought - sold;
    spreadPercent[row] = (bought - sold) / Math.abs(middle);
    volume[row] = knownAmount(smallestVolume);
    openInterest[row] = knownAmount(smallestOpenInterest);
    volumeToOpenInterest[row] = knownAmount(knownAmount(volumeThere) / openInterest[row]!);
    premium[row] = total;
  }
}

/** NaN for what is negative or not finite, such as a ratio to an open interest of 0. */
function knownAmount(amount: number): number {
  return amount >= 0 && amount < Number.POSITIVE_INFINITY ? amount : Number.NaN;
}
