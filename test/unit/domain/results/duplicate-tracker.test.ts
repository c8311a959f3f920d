import { describe, expect, it } from 'vitest';
import { createCandidateGenerator } from '../../../../src/domain/candidates/candidate-generator.ts';
import { createCandidateBatch } from '../../../../src/domain/candidates/create-candidate-batch.ts';
import { METRICS, type MetricName, type MetricValues } from '../../../../src/domain/candidates/metric.ts';
import { createChainPricer } from '../../../../src/domain/pricing/chain-pricer.ts';
import { createDuplicateTracker, NOTABLE_SCORE_CHANGE, type TrackedResult } from '../../../../src/domain/results/duplicate-tracker.ts';
import { extractResult } from '../../../../src/domain/results/extract-result.ts';
import type { OptionLeg } from '../../../../src/domain/results/scan-result.ts';
import { scoreBatch } from '../../../../src/domain/scoring/score-batch.ts';
import { MAXIMUM_CANDIDATES_PER_EXPIRATION } from '../../../../src/domain/strategies/strategies.ts';
import { aChain } from '../../../support/a-chain-feed.ts';

type MetricChange = Partial<Record<MetricName, number | null>>;

const LEG: OptionLeg = {
  kind: 'OPTION',
  symbol: 'SPX240216P04000000',
  right: 'PUT',
  strike: 4000,
  expiration: '2024-02-16',
  quantity: -1,
  bid: 10,
  ask: 10.4,
  impliedVolatility: 0.2,
  delta: -0.2,
};

function aResult(
  change: MetricChange = {},
  legs: readonly Partial<OptionLeg>[] = [{}],
  filterId = 'filter',
  legsKey = 'legs',
): TrackedResult {
  const metrics = Object.fromEntries(METRICS.map(({ name }) => [name, 1])) as unknown as MetricValues;
  return { id: 'id', filterId, legsKey, legs: legs.map((leg) => ({ ...LEG, ...leg })), metrics: { ...metrics, ...change } };
}

/** Decision on the second of two results after the first has been recorded. */
function decisionOn(first: TrackedResult, second: TrackedResult) {
  const tracker = createDuplicateTracker({ maximumEntries: 10 });
  tracker.record(first, 0);
  return tracker.decide(second);
}

describe('the duplicate tracker', () => {
  it('calls a position new until it has been recorded', () => {
    const tracker = createDuplicateTracker({ maximumEntries: 10 });
    expect(tracker.decide(aResult())).toEqual({ kind: 'new', reason: 'first-seen' });
    expect(tracker.decide(aResult())).toEqual({ kind: 'new', reason: 'first-seen' });
    tracker.record(aResult(), 0);
    expect(tracker.decide(aResult())).toEqual({ kind: 'duplicate', reason: 'unchanged' });
  });

  it('keeps filters and positions apart', () => {
    expect(decisionOn(aResult(), aResult({}, [{}], 'other')).kind).toBe('new');
    expect(decisionOn(aResult(), aResult({}, [{}], 'filter', 'other')).kind).toBe('new');
  });

  it.each([
    ['the bid of a leg', aResult({}, [{}, {}]), aResult({}, [{}, { bid: 9.99 }])],
    ['the ask of a leg', aResult({}, [{}, {}]), aResult({}, [{ ask: 10.41 }, {}])],
    ['a bid that is there no more', aResult(), aResult({}, [{ bid: null }])],
    ['a bid that was not known and is 0', aResult({}, [{ bid: null }]), aResult({}, [{ bid: 0 }])],
    ['the price of the underlying', aResult({ underlyingPrice: 4567.1 }), aResult({ underlyingPrice: 4567.2 })],
    ['a volume that has grown by a tenth', aResult({ volume: 1_000 }), aResult({ volume: 1_100 })],
    ['the first open interest', aResult({ openInterest: 0 }), aResult({ openInterest: 1 })],
    ['volume and open interest changing places', aResult({ volume: null, openInterest: 1 }), aResult({ volume: 1, openInterest: null })],
  ])('takes %s for a change', (_what, first, second) => {
    expect(decisionOn(first, second)).toEqual({ kind: 'changed', reason: 'quotes-changed' });
  });

  it.each([
    ['noise of floating point in a quote', aResult({}, [{ bid: 0.3 }]), aResult({}, [{ bid: 0.1 + 0.2 }])],
    ['a hundredth in the price of an index', aResult({ underlyingPrice: 4567.12 }), aResult({ underlyingPrice: 4567.13 })],
    ['one more lot among many', aResult({ volume: 1_234, openInterest: 5_012 }), aResult({ volume: 1_235, openInterest: 5_013 })],
  ])('does not take %s for a change', (_what, first, second) => {
    expect(decisionOn(first, second).kind).toBe('duplicate');
  });

  it('does not take derived values for a change, however far they moved', () => {
    const observed = new Set<MetricName>(['underlyingPrice', 'volume', 'openInterest', 'score']);
    const moved = Object.fromEntries(METRICS.filter(({ name }) => !observed.has(name)).map(({ name }) => [name, 2]));
    expect(decisionOn(aResult(), aResult(moved, [{ impliedVolatility: 0.21, delta: -0.21 }])).kind).toBe('duplicate');
  });

  it('calls an unchanged chain seen a minute later a duplicate in every position, though values derived from it move', () => {
    const pricer = createChainPricer();
    const generator = createCandidateGenerator();
    const quotedAtMs = Date.UTC(2026, 10, 20, 15, 30);
    const chain = aChain('AAA', { quotedAtMs });
    const resultsAt = (asOfMs: number) => {
      const priced = pricer.price(chain, asOfMs);
      const batch = createCandidateBatch(MAXIMUM_CANDIDATES_PER_EXPIRATION);
      generator.generateExpiration(priced, 0, { ivRank: 50, ivPercentile: 50 }, batch);
      scoreBatch(batch);
      const identity = { id: '', scanRunId: '', filterId: 'filter', filterRevision: 1, marketState: 'REGULAR' } as const;
      return Array.from({ length: batch.size }, (_, row) => extractResult(priced, batch, row, identity));
    };
    const tracker = createDuplicateTracker({ maximumEntries: 10_000 });
    for (const result of resultsAt(quotedAtMs)) tracker.record(result, 0);
    const later = resultsAt(quotedAtMs + 60_000);
    const known = later.filter((result) => tracker.decide(result).kind !== 'new');
    expect(known.length).toBeGreaterThan(40);
    expect(known.filter((result) => tracker.decide(result).kind !== 'duplicate')).toEqual([]);
    expect(known.map(({ metrics }) => metrics.expectedMove)).not.toEqual(resultsAt(quotedAtMs).map(({ metrics }) => metrics.expectedMove));
  });

  it('takes a score that has moved notably from the recorded one for a change, by whatever small steps it came there', () => {
    const tracker = createDuplicateTracker({ maximumEntries: 10 });
    tracker.record(aResult({ score: 60.4 }), 0);
    for (const drift of [0.2, 0.9, NOTABLE_SCORE_CHANGE - 0.01]) {
      expect(tracker.decide(aResult({ score: 60.4 - drift })).kind).toBe('duplicate');
      expect(tracker.decide(aResult({ score: 60.4 + drift })).kind).toBe('duplicate');
    }
    expect(tracker.decide(aResult({ score: 60.4 + NOTABLE_SCORE_CHANGE }))).toEqual({ kind: 'changed', reason: 'score-changed' });
    expect(tracker.decide(aResult({ score: null }))).toEqual({ kind: 'changed', reason: 'score-changed' });
  });

  it('compares with the last recorded result, not with the first', () => {
    const tracker = createDuplicateTracker({ maximumEntries: 10 });
    tracker.record(aResult({}, [{ bid: 1 }]), 0);
    tracker.record(aResult({}, [{ bid: 2 }]), 0);
    expect(tracker.decide(aResult({}, [{ bid: 2 }])).kind).toBe('duplicate');
    expect(tracker.decide(aResult({}, [{ bid: 1 }])).kind).toBe('changed');
  });

  it('forgets the position not seen for the longest time when it is full', () => {
    const tracker = createDuplicateTracker({ maximumEntries: 2 });
    const [a, b, c] = ['a', 'b', 'c'].map((key) => aResult({}, [{}], 'filter', key)) as [TrackedResult, TrackedResult, TrackedResult];
    tracker.record(a, 0);
    tracker.record(b, 0);
    tracker.decide(a);
    tracker.record(c, 0);
    expect(tracker.size()).toBe(2);
    expect([a, b, c].map((result) => tracker.decide(result).kind)).toEqual(['duplicate', 'new', 'duplicate']);
  });
});
