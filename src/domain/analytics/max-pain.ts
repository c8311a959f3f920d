import { type ChainSnapshot, type ExpirationSlice, PUT } from '../chain/chain-snapshot.ts';

/**
 * The strike at which the options of one expiration would pay out least in total, weighted by open interest; of equals the lowest.
 *
 * The payout is piecewise linear in the price with its corners at the strikes, so it is least at one of them: one pass upwards adds what each step costs.
 *
 * @returns a strike, in the quote currency; NaN without open interest
 */
export function maxPain({ quotes }: ChainSnapshot, { start, end }: Pick<ExpirationSlice, 'start' | 'end'>): number {
  const { strike, right, openInterest } = quotes;
  /** Open interest by strike: calls below a price pay, puts above it do. */
  const atStrike = new Map<number, { calls: number; puts: number }>();
  let putsAbove = 0;
  for (let row = start; row < end; row++) {
    const interest = openInterest[row]!;
    if (!(interest > 0)) continue;
    const at = atStrike.get(strike[row]!) ?? { calls: 0, puts: 0 };
    atStrike.set(strike[row]!, at);
    if (right[row] === PUT) {
      at.puts += interest;
      putsAbove += interest;
    } else at.calls += interest;
  }
  let least = Number.POSITIVE_INFINITY;
  let best = Number.NaN;
  let payout = 0;
  let callsBelow = 0;
  let previous = Number.NaN;
  for (const [price, { calls, puts }] of [...atStrike].sort(([a], [b]) => a - b)) {
    // Up to here every call below gains what every put above loses; the starting level is the same for all.
    if (!Number.isNaN(previous)) payout += (price - previous) * (callsBelow - putsAbove);
    putsAbove -= puts;
    callsBelow += calls;
    previous = price;
    if (payout < least) {
      least = payout;
      best = price;
    }
  }
  return best;
}
