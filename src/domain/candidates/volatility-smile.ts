import type { ExpirationSlice } from '../chain/chain-snapshot.ts';
import type { PricedChain, PricedExpiration } from '../pricing/priced-chain.ts';

/** Cells that a smile is divided into to find the strikes around a price: about two per strike of a dense chain. */
const CELLS = 512;
/** Half a tenth of a volatility point: what even a locked quote is uncertain by. */
const SMALLEST_UNCERTAINTY_POINTS = 0.05;

/** The implied volatilities of one expiration by strike: one node per strike with a tradable contract, ascending. Refilled for each expiration. */
export interface VolatilitySmile {
  count: number;
  readonly strike: Float64Array;
  /** As quoted, decimal: of the out-of-the-money contract, of the other one where that is not tradable. */
  readonly quoted: Float64Array;
  /** Row of the chain that the quote is of. */
  readonly row: Int32Array;
  /** How far a quote is to be trusted: the inverse square of how many volatility points half its spread is worth; ≥ 0. See refineVolatilitySmile. */
  readonly weight: Float64Array;
  /** Node of each tradable row of the chain. */
  readonly nodeOfRow: Int32Array;
  /** Cells of equal width between the first and the last strike: the last node at or below the lower edge of each. See refineVolatilitySmile. */
  readonly nodeOfCell: Int32Array;
  cellsPerPrice: number;
}

export function createVolatilitySmile(capacity: number): VolatilitySmile {
  return {
    count: 0,
    strike: new Float64Array(capacity),
    quoted: new Float64Array(capacity),
    row: new Int32Array(capacity),
    weight: new Float64Array(capacity),
    nodeOfRow: new Int32Array(capacity),
    nodeOfCell: new Int32Array(CELLS),
    cellsPerPrice: 0,
  };
}

/** Fills the nodes; their weights and the cells are left for refineVolatilitySmile. */
export function fillVolatilitySmile(
  smile: VolatilitySmile,
  { snapshot, columns }: PricedChain,
  slice: ExpirationSlice,
  { forward }: PricedExpiration,
  tradable: Uint8Array,
): void {
  const { strike } = snapshot.quotes;
  const { impliedVolatility } = columns;
  const { putStart, end } = slice;
  let call = slice.start;
  let put = putStart;
  let node = 0;
  for (;;) {
    while (call < putStart && tradable[call] === 0) call++;
    while (put < end && tradable[put] === 0) put++;
    const callStrike = call < putStart ? strike[call]! : Number.POSITIVE_INFINITY;
    const putStrike = put < end ? strike[put]! : Number.POSITIVE_INFINITY;
    const next = Math.min(callStrike, putStrike);
    if (next === Number.POSITIVE_INFINITY) break;
    const usesPut = next < forward ? putStrike === next : callStrike !== next;
    const row = usesPut ? put : call;
    smile.strike[node] = next;
    smile.quoted[node] = impliedVolatility[row]!;
    smile.row[node] = row;
    if (callStrike === next) smile.nodeOfRow[call++] = node;
    if (putStrike === next) smile.nodeOfRow[put++] = node;
    node++;
  }
  smile.count = node;
}

/** Fills the weights and the cells of a smile whose nodes are filled: of most expirations no candidate is looked at so closely. */
export function refineVolatilitySmile(smile: VolatilitySmile, { snapshot, columns }: PricedChain): void {
  const { bid, ask } = snapshot.quotes;
  const { vega } = columns;
  const { count, row: rows, weight } = smile;
  for (let node = 0; node < count; node++) {
    const row = rows[node]!;
    const uncertainty = SMALLEST_UNCERTAINTY_POINTS + (0.5 * (ask[row]! - bid[row]!)) / vega[row]!;
    weight[node] = uncertainty > 0 ? 1 / (uncertainty * uncertainty) : 0;
  }
  fillCells(smile);
}

function fillCells(smile: VolatilitySmile): void {
  const { count, strike, nodeOfCell } = smile;
  if (count < 2) return;
  const lowest = strike[0]!;
  const cellWidth = (strike[count - 1]! - lowest) / CELLS;
  smile.cellsPerPrice = 1 / cellWidth;
  let node = 0;
  for (let cell = 0; cell < CELLS; cell++) {
    const edge = lowest + cell * cellWidth;
    while (node < count - 2 && strike[node + 1]! <= edge) node++;
    nodeOfCell[cell] = node;
  }
}

/** Quoted volatility at a price, linear between the strikes, flat beyond the last ones; NaN without nodes. Takes the nodes only. */
export function volatilityAt({ count, strike, quoted }: VolatilitySmile, price: number): number {
  if (count === 0) return Number.NaN;
  const last = count - 1;
  if (!(price > strike[0]! && price < strike[last]!)) return beyond(strike, quoted, last, price);
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (strike[middle]! <= price) low = middle;
    else high = middle;
  }
  return between(strike, quoted, low, price);
}

/** Linear between a node and the next one. */
function between(strike: Float64Array, quoted: Float64Array, node: number, price: number): number {
  const share = (price - strike[node]!) / (strike[node + 1]! - strike[node]!);
  return quoted[node]! + share * (quoted[node + 1]! - quoted[node]!);
}

/** At or beyond the first or the last node. */
function beyond(strike: Float64Array, quoted: Float64Array, last: number, price: number): number {
  return price <= strike[0]! ? quoted[0]! : price >= strike[last]! ? quoted[last]! : Number.NaN;
}

/** volatilityAt for a column: `size` prices, NaN for NaN. The smile must be refined. */
export function fillVolatilitiesAt(smile: VolatilitySmile, prices: Float64Array, size: number, volatilities: Float64Array): void {
  // In locals, because the compiler loads a property again in every turn of a loop.
  const { strike, quoted, nodeOfCell, cellsPerPrice } = smile;
  const last = smile.count - 1;
  if (last < 0) {
    volatilities.fill(Number.NaN, 0, size);
    return;
  }
  const lowest = strike[0]!;
  const highest = strike[last]!;
  for (let i = 0; i < size; i++) {
    const price = prices[i]!;
    if (price > lowest && price < highest) {
      let node = nodeOfCell[Math.min(CELLS - 1, (price - lowest) * cellsPerPrice) | 0]!;
      while (strike[node + 1]! <= price) node++;
      // An edge rounded upwards may have put the cell one node too far.
      while (strike[node]! > price) node--;
      volatilities[i] = between(strike, quoted, node, price);
    } else volatilities[i] = beyond(strike, quoted, last, price);
  }
}
