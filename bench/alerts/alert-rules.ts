import type { AlertRule } from '../../dist/domain/alerts/alert-rule.js';
import { parseAlertRule } from '../../dist/domain/alerts/parse-alert-rule.js';
import type { ConditionKind } from '../../dist/domain/alerts/rule-condition.js';
import { seededRandom } from '../seeded-random.ts';
import { STRATEGIES, SYMBOLS } from './alert-events.ts';

/** How many of the many are about what happens: one in so many. */
const LIKELY_SHARE = 0.01;

/**
 * Rules of one kind. The first ten are about what happens, of whichever underlying: few rules and many read the same series. Of the others one in a hundred is about what
 * happens too, of one underlying, and the rest wait for what hardly ever comes: most rules of a desk do, most of the time. A third of the screens are about any
 * underlying and any strategy, so that only their numbers tell them apart.
 */
export function makeAlertRules(kind: ConditionKind, count: number, seed: number): AlertRule[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const isAny = index < 10;
    const isLikely = isAny || random() < LIKELY_SHARE;
    const wanted: Wanted = {
      symbol: isAny ? null : SYMBOLS[Math.floor(random() * SYMBOLS.length)]!,
      strategy: STRATEGIES[Math.floor(random() * STRATEGIES.length)]!,
      isLikely,
      spread: random(),
      place: random(),
      isWide: random() < 1 / 3,
    };
    const parsed = parseAlertRule({ name: `${kind} ${index}`, condition: conditionOf(kind, wanted), throttleMs: 0 }, () => null);
    if (parsed.kind === 'invalid') throw new Error(`expected a rule, got ${JSON.stringify(parsed.issues)}`);
    return { ...parsed.content, id: `${kind} ${index}`, revision: 1, owner: null, createdAtMs: 0, updatedAtMs: 0, deletedAtMs: null };
  });
}

interface Wanted {
  /** Null: whichever. */
  readonly symbol: string | null;
  readonly strategy: string;
  readonly isLikely: boolean;
  /** 0 to 1, as `place`. */
  readonly spread: number;
  readonly place: number;
  readonly isWide: boolean;
}

function conditionOf(kind: ConditionKind, wanted: Wanted): object {
  const { symbol, isLikely, spread } = wanted;
  const source = { of: 'UNDERLYING', subject: symbol, metric: 'price' };
  switch (kind) {
    case 'THRESHOLD':
      // Prices stay between 90 and 110.
      return { kind, source, direction: 'ABOVE', fireAt: isLikely ? 100 + spread * 8 : 111 + spread * 50 };
    case 'CHANGE':
      return { kind, source, windowMs: 20_000, measure: 'ABSOLUTE', direction: 'UP', fireAt: isLikely ? 2 + spread * 3 : 21 + spread * 50 };
    case 'ANOMALY':
      return { kind, source, samples: 60, minimumSamples: 20, direction: 'UP', fireAt: isLikely ? 2 + spread * 2 : 50 + spread * 50 };
    case 'ABSENCE':
      // Each underlying is seen every two seconds: of the intervals between, one in 150 is longer than ten, one in 20,000 longer than twenty.
      return { kind, source, afterMs: isLikely ? 8_000 + Math.floor(spread * 2_000) : 20_000 + Math.floor(spread * 40_000) };
    case 'MATCH':
      return { kind, criteria: criteriaOf(wanted), holdMs: 1_000 };
    case 'ENTER_EXIT':
      return { kind, criteria: criteriaOf(wanted), on: 'ENTER' };
  }
}

function criteriaOf({ symbol, strategy, isLikely, spread, place, isWide }: Wanted): object {
  if (isLikely) {
    const where = { ...(symbol !== null && { symbols: { in: [symbol] } }), strategies: { in: [strategy] } };
    return { ...where, metrics: { score: { min: 98 + spread * 2 } } };
  }
  // A good score in a narrow place: of 60,000 results one is in it.
  if (isWide) return { metrics: { score: { min: 70 }, shortDelta: { min: place, max: place + 0.00005 } } };
  const narrow = { impliedVolatility: { min: place, max: place + 0.002 } };
  return { symbols: { in: [symbol] }, strategies: { in: [strategy] }, metrics: { score: { min: 60 + spread * 40 }, ...narrow } };
}
