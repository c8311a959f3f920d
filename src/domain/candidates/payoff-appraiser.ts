import type { PricedChain } from '../pricing/priced-chain.ts';
import { analysePayoff, createExpirationPosition, createPayoffProfile, type PayoffProfile } from './analyse-payoff.ts';
import { type CandidateBatch, MAX_LEGS } from './candidate-batch.ts';
import { CANDIDATE_DROP_INDEX, type CandidateDropReason } from './candidate-drop-reason.ts';
import { metricColumn } from './metric-column.ts';
import type { VolatilitySmile } from './volatility-smile.ts';

/** Smaller than any tick and larger than the rounding of a sum of four marks: amounts below it are 0. */
const NOTHING = 1e-9;

export interface PayoffAppraisal {
  readonly chain: PricedChain;
  readonly batch: CandidateBatch;
  /** By strategy code: 1 when the strategy opens for a credit, 0 when for a debit. */
  readonly opensForCredit: Uint8Array;
  readonly smile: VolatilitySmile;
  /** First row of the chain that is a put of this expiration. */
  readonly putStart: number;
}

/** Fills what follows from the payoff at expiration, removes combinations whose quotes contradict each other, and counts them by reason. */
export function createPayoffAppraiser(): (input: PayoffAppraisal) => void {
  const position = createExpirationPosition();
  const profile = createPayoffProfile();

  return ({ chain, batch, opensForCredit, smile, putStart }) => {
    const { strike } = chain.snapshot.quotes;
    const { mark } = chain.columns;
    const { underlyingPrice } = chain.snapshot;
    const netCredit = metricColumn(batch, 'netCredit');
    const maxProfit = metricColumn(batch, 'maxProfit');
    const maxLoss = metricColumn(batch, 'maxLoss');
    const breakevenLower = metricColumn(batch, 'breakevenLower');
    const breakevenUpper = metricColumn(batch, 'breakevenUpper');
    const probabilityOfProfit = metricColumn(batch, 'probabilityOfProfit');
    const returnOnRisk = metricColumn(batch, 'returnOnRisk');
    const proposed = batch.size;
    let kept = 0;
    for (let row = 0; row < proposed; row++) {
      const legCount = batch.legCount[row]!;
      const stockQuantity = batch.stockQuantity[row]!;
      let credit = 0;
      for (let leg = 0; leg < legCount; leg++) {
        const chainRow = batch.legRow[row * MAX_LEGS + leg]!;
        const quantity = batch.legQuantity[row * MAX_LEGS + leg]!;
        credit -= quantity * mark[chainRow]!;
        position.strike[leg] = strike[chainRow]!;
        position.quantity[leg] = quantity;
        position.isCall[leg] = chainRow < putStart ? 1 : 0;
      }
      position.legCount = legCount;
      position.stockQuantity = stockQuantity;
      position.cash = stockQuantity === 0 ? credit : credit - stockQuantity * underlyingPrice;
      analysePayoff(position, profile);
      const reason = contradiction(credit, position.cash, profile, opensForCredit[batch.strategy[row]!] === 1);
      if (reason !== null) {
        batch.drops[CANDIDATE_DROP_INDEX[reason]]!++;
        continue;
      }
      if (kept < row) moveCandidate(batch, row, kept);
      netCredit[kept] = credit;
      maxProfit[kept] = profile.maxProfit;
      maxLoss[kept] = profile.maxLoss;
      breakevenLower[kept] = profile.breakevenLower;
      breakevenUpper[kept] = profile.breakevenUpper;
      probabilityOfProfit[kept] = probabilityOf(profile, smile);
      returnOnRisk[kept] = profile.maxProfit / profile.maxLoss;
      kept++;
    }
    batch.size = kept;
  };
}

function contradiction(credit: number, cash: number, profile: PayoffProfile, opensForCredit: boolean): CandidateDropReason | null {
  if (Number.isNaN(cash)) return 'no-underlying-price';
  if (opensForCredit ? !(credit > NOTHING) : !(credit < -NOTHING)) return opensForCredit ? 'no-credit' : 'no-debit';
  if (profile.maxLoss <= NOTHING) return 'credit-exceeds-width';
  if (profile.maxProfit <= NOTHING) return 'debit-exceeds-width';
  return null;
}

/** Probability of ending where the position wins. Quoted volatilities that jump between strikes must not make it negative. */
function probabilityOf(profile: PayoffProfile, smile: VolatilitySmile): number {
  const below = smile.probabilityBelow(profile.breakevenLower);
  if (Number.isNaN(profile.breakevenUpper)) return profile.isProfitAtZero ? below : 1 - below;
  const between = Math.max(0, smile.probabilityBelow(profile.breakevenUpper) - below);
  return profile.isProfitAtZero ? 1 - between : between;
}

function moveCandidate(batch: CandidateBatch, from: number, to: number): void {
  batch.strategy[to] = batch.strategy[from]!;
  batch.legCount[to] = batch.legCount[from]!;
  batch.stockQuantity[to] = batch.stockQuantity[from]!;
  for (let leg = 0; leg < MAX_LEGS; leg++) {
    batch.legRow[to * MAX_LEGS + leg] = batch.legRow[from * MAX_LEGS + leg]!;
    batch.legQuantity[to * MAX_LEGS + leg] = batch.legQuantity[from * MAX_LEGS + leg]!;
  }
}
