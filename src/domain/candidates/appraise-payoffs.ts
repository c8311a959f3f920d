import type { PricedChain } from '../pricing/priced-chain.ts';
import { type CandidateBatch, MAX_LEGS } from './candidate-batch.ts';
import { CANDIDATE_DROP_INDEX, type CandidateDropReason } from './candidate-drop-reason.ts';
import { copyPosition } from './copy-position.ts';
import { metricColumn } from './metric-column.ts';
import { roundAmount } from './round-amount.ts';

/**
 * Fills what follows from the payoff at expiration (netCredit, maxProfit, maxLoss, returnOnRisk, both break-evens), removes the combinations whose quotes
 * contradict each other, and counts them by reason.
 *
 * The payoff is piecewise linear. Below the lowest strike its slope is the stock less the puts, and at every strike the slope rises by the quantity of the leg,
 * call or put; so one walk over the legs, which are in ascending strike, meets every extreme and every break-even. A break-even is where a profit (> 0) begins or
 * ends. No strategy here has more than two; of more, the first and the last would be kept.
 *
 * @param putStart first row of the chain that is a put of this expiration
 * @param opensForCredit by strategy code: 1 when the strategy opens for a credit, 0 when for a debit
 * @param isProfitAtZero receives, by candidate, 1 when it wins where the underlying ends at 0
 */
export function appraisePayoffs(
  batch: CandidateBatch,
  chain: PricedChain,
  putStart: number,
  opensForCredit: Uint8Array,
  isProfitAtZero: Uint8Array,
): void {
  const { quotes, underlyingPrice } = chain.snapshot;
  const { strike } = quotes;
  const { mark } = chain.columns;
  const { legCount, legRow, legQuantity, stockQuantity, strategy } = batch;
  const netCredit = metricColumn(batch, 'netCredit');
  const maxProfit = metricColumn(batch, 'maxProfit');
  const maxLoss = metricColumn(batch, 'maxLoss');
  const returnOnRisk = metricColumn(batch, 'returnOnRisk');
  const breakevenLower = metricColumn(batch, 'breakevenLower');
  const breakevenUpper = metricColumn(batch, 'breakevenUpper');
  let kept = 0;
  for (let row = 0, proposed = batch.size; row < proposed; row++) {
    const first = row * MAX_LEGS;
    const end = first + legCount[row]!;
    const stock = stockQuantity[row]!;
    let credit = 0;
    let slope = stock;
    let profit = 0;
    for (let leg = first; leg < end; leg++) {
      const chainRow = legRow[leg]!;
      const quantity = legQuantity[leg]!;
      credit -= quantity * mark[chainRow]!;
      if (chainRow >= putStart) {
        profit += quantity * strike[chainRow]!;
        slope -= quantity;
      }
    }
    profit += stock === 0 ? credit : credit - stock * underlyingPrice;
    isProfitAtZero[kept] = profit > 0 ? 1 : 0;
    let best = profit;
    let worst = profit;
    let price = 0;
    let lower = Number.NaN;
    let upper = Number.NaN;
    for (let leg = first; leg < end; leg++) {
      const nextPrice = strike[legRow[leg]!]!;
      const nextProfit = profit + slope * (nextPrice - price);
      if (profit > 0 !== nextProfit > 0) {
        const crossing = price - profit / slope;
        if (Number.isNaN(lower)) lower = crossing;
        else upper = crossing;
      }
      // Comparisons cost less than Math.max and Math.min here.
      if (nextProfit > best) best = nextProfit;
      if (nextProfit < worst) worst = nextProfit;
      slope += legQuantity[leg]!;
      price = nextPrice;
      profit = nextProfit;
    }
    if (profit > 0 ? slope < 0 : slope > 0) {
      const crossing = price - profit / slope;
      if (Number.isNaN(lower)) lower = crossing;
      else upper = crossing;
    }
    best = slope > 0 ? Number.NaN : roundAmount(best);
    worst = slope < 0 ? Number.NaN : roundAmount(worst);
    credit = roundAmount(credit);
    const reason = contradiction(credit, profit, best, worst, opensForCredit[strategy[row]!]!);
    if (reason !== null) {
      batch.drops[CANDIDATE_DROP_INDEX[reason]]!++;
      continue;
    }
    if (kept < row) copyPosition(batch, row, batch, kept);
    netCredit[kept] = credit;
    maxProfit[kept] = best;
    maxLoss[kept] = -worst;
    returnOnRisk[kept] = -best / worst;
    breakevenLower[kept] = lower;
    breakevenUpper[kept] = upper;
    kept++;
  }
  batch.size = kept;
}

function contradiction(credit: number, profit: number, best: number, worst: number, opensForCredit: number): CandidateDropReason | null {
  if (Number.isNaN(profit)) return 'no-underlying-price';
  if (opensForCredit === 1 && !(credit > 0)) return 'no-credit';
  if (opensForCredit === 0 && !(credit < 0)) return 'no-debit';
  if (worst >= 0) return 'credit-exceeds-width';
  if (best <= 0) return 'debit-exceeds-width';
  return null;
}
