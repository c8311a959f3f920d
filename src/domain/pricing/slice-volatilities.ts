import type { ChainSnapshot, ExpirationSlice } from '../chain/chain-snapshot.ts';
import { impliedDeviation, impliedDeviationFrom } from './implied-deviation.ts';
import type { PricedColumns } from './priced-chain.ts';
import type { SliceScratch } from './slice-scratch.ts';
import type { SliceTerms } from './slice-terms.ts';

/**
 * Marks and implied volatilities of one slice: fills columns.mark and columns.impliedVolatility, and in the scratch the log-moneyness and the deviation and
 * value of the rows that have an implied volatility of their own.
 *
 * A row's volatility is that of its own mark, and its mark is the middle of its own bid and ask: a one-sided quote, or one whose middle is at or below
 * the intrinsic value, has none. The solver starts a call at what the last two strikes lead to, and a put at the call of its strike: so close that one or
 * two steps are enough.
 */
export function solveSliceVolatilities(
  snapshot: ChainSnapshot,
  slice: ExpirationSlice,
  terms: SliceTerms,
  columns: PricedColumns,
  scratch: SliceScratch,
): void {
  solveSide(1, snapshot, slice.start, slice.putStart, slice, terms, columns, scratch);
  solveSide(-1, snapshot, slice.putStart, slice.end, slice, terms, columns, scratch);
}

function solveSide(
  side: 1 | -1,
  snapshot: ChainSnapshot,
  start: number,
  end: number,
  slice: ExpirationSlice,
  terms: SliceTerms,
  columns: PricedColumns,
  scratch: SliceScratch,
): void {
  const { strike, bid, ask } = snapshot.quotes;
  const { mark, impliedVolatility } = columns;
  const { logMoneyness, deviation, value } = scratch;
  const forward = terms.forward;
  const growth = 1 / terms.discountFactor;
  const perRootYear = 1 / Math.sqrt(terms.yearFraction);
  const offset = slice.start;
  let call = side === 1 ? slice.putStart : slice.start;
  let lastX = Number.NaN;
  let lastDeviation = Number.NaN;
  let slope = 0;
  for (let row = start; row < end; row++) {
    const k = strike[row]!;
    const j = row - offset;
    while (call < slice.putStart && strike[call]! < k) call++;
    const paired = call < slice.putStart && strike[call]! === k;
    const x = paired ? logMoneyness[call - offset]! : Math.log(forward / k);
    logMoneyness[j] = x;
    const b = bid[row]!;
    const a = ask[row]!;
    const middle = b > 0 && a >= b ? 0.5 * (b + a) : Number.NaN;
    mark[row] = middle;
    const intrinsic = side * (forward - k);
    const perRoot = 1 / Math.sqrt(forward * k);
    const beta = (middle * growth - (intrinsic > 0 ? intrinsic : 0)) * perRoot;
    const most = (forward < k ? forward : k) * perRoot;
    if (!(beta > 0 && beta < most)) {
      deviation[j] = Number.NaN;
      continue;
    }
    let guess = paired ? deviation[call - offset]! : Number.NaN;
    if (!(guess > 0)) {
      guess = lastDeviation + slope * (x - lastX);
      if (!(guess > 0.5 * lastDeviation && guess < 2 * lastDeviation)) guess = lastDeviation;
    }
    const away = x > 0 ? -x : x;
    const solved = guess > 0 ? impliedDeviationFrom(guess, beta, away, most) : impliedDeviation(beta, away);
    slope = lastDeviation > 0 ? (solved - lastDeviation) / (x - lastX) : 0;
    lastDeviation = solved;
    lastX = x;
    deviation[j] = solved;
    value[j] = middle;
    impliedVolatility[row] = solved * perRootYear;
  }
}
