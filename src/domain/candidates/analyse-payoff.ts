import { MAX_LEGS } from './candidate-batch.ts';

/** A position at expiration: options of one expiration, units of the underlying, and the cash that opening it brought. */
export interface ExpirationPosition {
  legCount: number;
  /** Ascending, `legCount` of them. */
  readonly strike: Float64Array;
  /** Positive long, negative short. */
  readonly quantity: Float64Array;
  /** 1: call, 0: put. */
  readonly isCall: Uint8Array;
  stockQuantity: number;
  /** Credit received (+) or debit paid (-) for everything, the stock included; quote currency per unit. */
  cash: number;
}

/** Profit and loss at expiration as a function of the underlying's price. NaN: unlimited, or no such break-even. */
export interface PayoffProfile {
  maxProfit: number;
  /** As a positive number; negative when even the worst case wins. */
  maxLoss: number;
  breakevenLower: number;
  breakevenUpper: number;
  /** Whether the position wins when the underlying ends at 0. */
  isProfitAtZero: boolean;
}

export function createExpirationPosition(): ExpirationPosition {
  return {
    legCount: 0,
    strike: new Float64Array(MAX_LEGS),
    quantity: new Float64Array(MAX_LEGS),
    isCall: new Uint8Array(MAX_LEGS),
    stockQuantity: 0,
    cash: 0,
  };
}

export function createPayoffProfile(): PayoffProfile {
  return { maxProfit: Number.NaN, maxLoss: Number.NaN, breakevenLower: Number.NaN, breakevenUpper: Number.NaN, isProfitAtZero: false };
}

/** Profit (+) or loss (-) when the underlying ends at `price` ≥ 0; quote currency per unit. */
export function profitAt(position: ExpirationPosition, price: number): number {
  let profit = position.cash + position.stockQuantity * price;
  for (let leg = 0; leg < position.legCount; leg++) {
    const distance = price - position.strike[leg]!;
    const payoff = position.isCall[leg] === 1 ? distance : -distance;
    if (payoff > 0) profit += position.quantity[leg]! * payoff;
  }
  return profit;
}

/**
 * Walks the piecewise-linear payoff over its kinks: 0, the strikes, and the slope beyond the last strike. The first two break-evens are kept, which is all of them
 * for every strategy here; a break-even is where a profit (> 0) begins or ends.
 */
export function analysePayoff(position: ExpirationPosition, profile: PayoffProfile): void {
  let price = 0;
  let profit = profitAt(position, 0);
  let best = profit;
  let worst = profit;
  let slope = position.stockQuantity;
  profile.breakevenLower = Number.NaN;
  profile.breakevenUpper = Number.NaN;
  profile.isProfitAtZero = profit > 0;
  for (let leg = 0; leg < position.legCount; leg++) {
    if (position.isCall[leg] === 1) slope += position.quantity[leg]!;
    const nextPrice = position.strike[leg]!;
    const nextProfit = profitAt(position, nextPrice);
    if (profit > 0 !== nextProfit > 0) {
      addBreakeven(profile, price + (profit / (profit - nextProfit)) * (nextPrice - price));
    }
    if (nextProfit > best) best = nextProfit;
    if (nextProfit < worst) worst = nextProfit;
    price = nextPrice;
    profit = nextProfit;
  }
  if (profit > 0 ? slope < 0 : slope > 0) addBreakeven(profile, price - profit / slope);
  profile.maxProfit = slope > 0 ? Number.NaN : best;
  profile.maxLoss = slope < 0 ? Number.NaN : -worst;
}

function addBreakeven(profile: PayoffProfile, price: number): void {
  if (Number.isNaN(profile.breakevenLower)) profile.breakevenLower = price;
  else if (Number.isNaN(profile.breakevenUpper)) profile.breakevenUpper = price;
}
