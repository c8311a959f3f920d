import type { CostOfWork } from '../src/schema/costs-of-work.ts';

/** What fields cost of their own, as a Markdown table. */
export function renderCostsTable(costs: readonly CostOfWork[]): string {
  return [
    '| field | points |',
    '|---|---|',
    ...costs.map(({ field, points }) => `| \`${field}\` | ${points.toLocaleString('en-US')} |`),
  ].join('\n');
}
