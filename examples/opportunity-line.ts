import type { LiveOpportunityChangeFragment } from '../src/client/index.ts';

const COLUMNS: readonly { readonly title: string; readonly width: number }[] = [
  { title: 'TIME', width: 8 },
  { title: 'EVENT', width: 7 },
  { title: 'SYMBOL', width: 8 },
  { title: 'STRATEGY', width: 17 },
  { title: 'EXPIRES', width: 10 },
  { title: 'SCORE', width: 5 },
  { title: 'LEGS', width: 0 },
];

export const OPPORTUNITY_HEADER = toLine(COLUMNS.map(({ title }) => title));

/** A change of an opportunity in a line of a terminal: `15:30:02 ENTERED SPX …`; times are UTC. */
export function opportunityLine({ at, kind, opportunity }: LiveOpportunityChangeFragment): string {
  const { symbol, strategy, expiration, lastScore, legs } = opportunity;
  return toLine([at.slice(11, 19), kind, symbol, strategy, expiration, lastScore.toFixed(1).padStart(5), legs.map(toShortLeg).join(' ')]);
}

/** `-1 95P`: one put of strike 95 sold. Legs that are no options by their symbol. */
function toShortLeg(leg: LiveOpportunityChangeFragment['opportunity']['legs'][number]): string {
  const quantity = leg.quantity > 0 ? `+${leg.quantity}` : String(leg.quantity);
  return 'strike' in leg ? `${quantity} ${leg.strike}${leg.right[0]}` : `${quantity} ${leg.symbol}`;
}

function toLine(cells: readonly string[]): string {
  return cells
    .map((cell, index) => cell.padEnd(COLUMNS[index]!.width))
    .join('  ')
    .trimEnd();
}
