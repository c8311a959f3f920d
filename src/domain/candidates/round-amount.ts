/**
 * An amount of money without the noise of the sums it came from: to 1e-9, far below any tick. 1.2000000000000002 becomes 1.2, and a return of exactly 0.25 is not
 * taken for less by a filter that asks for 0.25.
 */
export function roundAmount(amount: number): number {
  return Math.round(amount * 1e9) / 1e9;
}
