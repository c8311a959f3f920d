import type { CandidateBatch } from '../candidates/candidate-batch.ts';
import { metricColumn } from '../candidates/metric-column.ts';
import type { ScoreComponent } from '../results/scan-result.ts';
import { STRATEGIES } from '../strategies/strategies.ts';
import { formatDecimal, formatPercent, formatPrice } from './format-number.ts';

/** A component this good or better is told as a strength, this poor or worse as a weakness. */
const STRENGTH = 70;
const WEAKNESS = 30;

/**
 * Why a candidate is worth looking at, in sentences: what the trade is, then its strengths and weaknesses by their share of the score.
 *
 * @param currency of the chain's prices
 * @param components from explainScore for the same row
 */
export function scoreReasons(batch: CandidateBatch, row: number, currency: string, components: readonly ScoreComponent[]): string[] {
  const byWeight = components.filter(({ value }) => value !== null).sort((a, b) => b.weight - a.weight);
  const strengths = byWeight.filter(({ value }) => value! >= STRENGTH).map(({ explanation }) => `Strength: ${explanation}`);
  const weaknesses = byWeight.filter(({ value }) => value! <= WEAKNESS).map(({ explanation }) => `Weakness: ${explanation}`);
  return [headline(batch, row, currency), ...strengths, ...weaknesses];
}

function headline(batch: CandidateBatch, row: number, currency: string): string {
  const value = (name: Parameters<typeof metricColumn>[1]) => metricColumn(batch, name)[row]!;
  const credit = value('netCredit');
  const days = formatDecimal(value('daysToExpiration'), 1);
  const name = STRATEGIES[batch.strategy[row]!]!.name;
  const opened = `${name}: ${credit > 0 ? 'receives' : 'pays'} ${formatPrice(Math.abs(credit))} ${currency} per unit for ${days} days`;
  const upper = value('breakevenUpper');
  const points = [value('breakevenLower'), upper].filter((price) => !Number.isNaN(price)).map(formatPrice);
  const breakevens = `break-even at ${points.join(' and ')} ${currency}`;
  return `${opened}, ${breakevens}, ${formatPercent(value('probabilityOfProfit'))} probability of profit.`;
}
