import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appendCandidate } from '../../../../src/domain/candidates/append-candidate.ts';
import type { CandidateBatch } from '../../../../src/domain/candidates/candidate-batch.ts';
import { createCandidateBatch } from '../../../../src/domain/candidates/create-candidate-batch.ts';
import { METRIC_INDEX, METRICS, type MetricName } from '../../../../src/domain/candidates/metric.ts';
import { explainScore } from '../../../../src/domain/scoring/explain-score.ts';
import { scoreBatch } from '../../../../src/domain/scoring/score-batch.ts';
import { SCORE_FAMILIES } from '../../../../src/domain/scoring/score-family.ts';
import { scoreReasons } from '../../../../src/domain/scoring/score-reasons.ts';
import { SCORE_COMPONENT_NAMES, SCORE_WEIGHTS } from '../../../../src/domain/scoring/score-weights.ts';
import { STRATEGIES } from '../../../../src/domain/strategies/strategies.ts';
import { strategyCode } from '../../../../src/domain/strategies/strategy-code.ts';
import { STRATEGY_IDS, type StrategyId } from '../../../../src/domain/strategies/strategy-id.ts';

type Known = Partial<Record<MetricName, number>>;

/** A bull put spread 98/93 for 1.20, 36.5 days, every component at a round value (see the test below). */
const SPREAD: Known = {
  underlyingPrice: 100,
  daysToExpiration: 36.5,
  probabilityOfProfit: 0.77,
  netCredit: 1.2,
  maxProfit: 1.2,
  maxLoss: 4,
  breakevenLower: 96.8,
  expectedValue: 0.12,
  expectedMove: 8,
  impliedVolatility: 0.3,
  ivRank: 80,
  theta: 0.024,
  spreadPercent: 0.1,
  openInterest: 500,
  volume: 300,
};

function aBatch(...list: readonly (readonly [StrategyId, Known])[]): CandidateBatch {
  const batch = createCandidateBatch(Math.max(1, list.length));
  for (const [strategy, metrics] of list) {
    const row = appendCandidate(batch, strategyCode(strategy), 0);
    for (const [index, { name }] of METRICS.entries()) batch.metrics[index]![row] = metrics[name] ?? Number.NaN;
  }
  scoreBatch(batch);
  return batch;
}

function scoreOf(strategy: StrategyId, metrics: Known): number {
  return aBatch([strategy, metrics]).metrics[METRIC_INDEX.score]![0]!;
}

function componentsOf(strategy: StrategyId, metrics: Known): Record<string, number | null> {
  return Object.fromEntries(explainScore(aBatch([strategy, metrics]), 0).map(({ name, value }) => [name, value]));
}

describe('weights', () => {
  it.each(SCORE_FAMILIES)('of %s add up to 1', (family) => {
    expect(SCORE_COMPONENT_NAMES.reduce((sum, name) => sum + SCORE_WEIGHTS[family][name], 0)).toBeCloseTo(1, 12);
  });
});

describe('the components of a credit spread', () => {
  it('are what their scales say', () => {
    const components = componentsOf('BULL_PUT_SPREAD', SPREAD);
    expect(components.probabilityOfProfit).toBeCloseTo(60, 10); // (0.77 - 0.5) / (0.95 - 0.5)
    expect(components.returnOnRisk).toBeCloseTo(50, 10); // 1.2 / 4 in a tenth of a year: 300 % a year
    expect(components.expectedValue).toBeCloseTo(75, 10); // 0.12 / 4 = 3 % of the risk
    expect(components.volatility).toBeCloseTo(80, 10); // the IV rank
    expect(components.timeDecay).toBeCloseTo(50, 10); // 0.024 / 1.2 = 2 % a day
    expect(components.spread).toBeCloseTo(50, 10); // a tenth
    expect(components.openInterest).toBeCloseTo(50, 10); // 500 contracts
    expect(components.volume).toBeCloseTo(75, 10); // 300 contracts
  });

  it('make up the composite by their weights', () => {
    const expected = 0.25 * 60 + 0.2 * 50 + 0.1 * 75 + 0.1 * 80 + 0.1 * 50 + 0.15 * 50 + 0.05 * 50 + 0.05 * 75;
    expect(scoreOf('BULL_PUT_SPREAD', SPREAD)).toBeCloseTo(expected, 10);
  });

  it('says of a decay by more than all there is that it takes less than a day', () => {
    const saying = (theta: number) =>
      explainScore(aBatch(['BULL_PUT_SPREAD', { netCredit: 0.1, theta }]), 0).find(({ name }) => name === 'timeDecay')?.explanation;
    expect(saying(0.05)).toBe('Time decay earns 50.0 % of the credit per day.');
    expect(saying(3.39)).toBe('Time decay earns the credit in less than a day.');
  });

  it('give the weight of an unknown input to the others', () => {
    const { volume: _, ...rest } = SPREAD;
    const known = 0.25 * 60 + 0.2 * 50 + 0.1 * 75 + 0.1 * 80 + 0.1 * 50 + 0.15 * 50 + 0.05 * 50;
    expect(scoreOf('BULL_PUT_SPREAD', rest)).toBeCloseTo(known / 0.95, 10);
    const volume = explainScore(aBatch(['BULL_PUT_SPREAD', rest]), 0).find(({ name }) => name === 'volume');
    expect(volume).toMatchObject({ value: null, weight: 0 });
  });

  it('judge volatility against the at-the-money one without an IV rank', () => {
    const { ivRank: _, ...rest } = SPREAD;
    // Expected move 8 on 100 in a tenth of a year: 0.253 at the money; 0.3 is 18.6 % above it, on a scale from -50 % to 50 %.
    const relative = 0.3 / (0.08 / Math.sqrt(0.1));
    expect(componentsOf('BULL_PUT_SPREAD', rest).volatility).toBeCloseTo(100 * (relative - 0.5), 10);
    expect(componentsOf('LONG_PUT', rest).volatility).toBeCloseTo(100 - 100 * (relative - 0.5), 10);
  });
});

describe('families', () => {
  it('want volatility dear when selling and cheap when buying', () => {
    const sellers = STRATEGY_IDS.filter((strategy) => Math.abs(componentsOf(strategy, SPREAD).volatility! - 80) < 1e-9);
    const buyers = STRATEGY_IDS.filter((strategy) => Math.abs(componentsOf(strategy, SPREAD).volatility! - 20) < 1e-9);
    expect(sellers).toEqual(STRATEGIES.filter(({ shortPremium }) => shortPremium).map(({ id }) => id));
    expect(sellers.length + buyers.length).toBe(STRATEGY_IDS.length);
  });

  it('do not ask of a bought option what it cannot have', () => {
    const bought: Known = {
      ...SPREAD,
      netCredit: -2,
      maxProfit: Number.NaN,
      maxLoss: 2,
      probabilityOfProfit: 0.45,
      theta: -0.02,
      ivRank: 10,
    };
    const components = componentsOf('LONG_CALL', bought);
    expect(components).not.toHaveProperty('returnOnRisk');
    expect(components.probabilityOfProfit).toBeCloseTo(75, 10); // (0.45 - 0.15) / (0.55 - 0.15)
    expect(components.timeDecay).toBeCloseTo(50 - (50 * 0.01) / 0.03, 10); // loses 1 % of the debit a day
    expect(scoreOf('LONG_CALL', bought)).toBeGreaterThan(60);
    expect(scoreOf('BULL_PUT_SPREAD', bought)).toBeLessThan(scoreOf('LONG_CALL', bought));
  });

  it('measure naked options by the margin, a fifth of the underlying', () => {
    const naked: Known = { ...SPREAD, maxProfit: 2, maxLoss: Number.NaN };
    // 2 / 20 in a tenth of a year: 100 % a year.
    expect(componentsOf('SHORT_STRANGLE', naked).returnOnRisk).toBeCloseTo(50, 10);
    expect(componentsOf('SHORT_STRANGLE', naked).expectedValue).toBeCloseTo(50 + (50 * 0.006) / 0.016, 10);
  });
});

describe('every score', () => {
  const values = fc.oneof(
    fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.constantFrom(Number.NaN, 0, 1, -1),
  );
  const candidates = fc.tuple(
    fc.constantFrom(...STRATEGY_IDS),
    fc
      .tuple(...METRICS.map(() => values))
      .map((list) => Object.fromEntries(METRICS.map(({ name }, index) => [name, list[index]!])) as Known),
  );

  it('lies between 0 and 100 or is unknown, and is what its explanation adds up to', () => {
    fc.assert(
      fc.property(fc.array(candidates, { minLength: 1, maxLength: 6 }), (list) => {
        const batch = aBatch(...list);
        for (let row = 0; row < list.length; row++) {
          const score = batch.metrics[METRIC_INDEX.score]![row]!;
          const components = explainScore(batch, row);
          for (const { value, weight } of components)
            expect(value === null ? weight === 0 : value >= 0 && value <= 100 && weight > 0).toBe(true);
          const known = components.filter(({ value }) => value !== null);
          const mean = known.reduce((sum, { weight, value }) => sum + weight * value!, 0);
          expect(score.toFixed(6)).toBe(known.length > 0 ? mean.toFixed(6) : 'NaN');
          expect(known.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(known.length > 0 ? 1 : 0, 9);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is unknown when nothing is known', () => {
    expect(scoreOf('IRON_CONDOR', {})).toBeNaN();
  });

  it('does not depend on its neighbours in the batch', () => {
    const alone = scoreOf('IRON_CONDOR', SPREAD);
    const batch = aBatch(['LONG_CALL', {}], ['IRON_CONDOR', SPREAD], ['LONG_CALL', SPREAD], ['IRON_CONDOR', SPREAD]);
    expect(batch.metrics[METRIC_INDEX.score]![1]).toBe(alone);
    expect(batch.metrics[METRIC_INDEX.score]![3]).toBe(alone);
  });
});

describe('reasons', () => {
  it('tell the trade, then strengths and weaknesses, in numbers', () => {
    const batch = aBatch(['BULL_PUT_SPREAD', { ...SPREAD, openInterest: 20, breakevenUpper: Number.NaN }]);
    expect(scoreReasons(batch, 0, 'USD', explainScore(batch, 0))).toEqual([
      'Bull put spread: receives 1.20 USD per unit for 36.5 days, break-even at 96.80 USD, 77.0 % probability of profit.',
      'Strength: The expected value is 0.120 per unit against the smoothed smile of its expiration, 3.0 % of what is at risk.',
      'Strength: The IV rank is 80 of 100 at an implied volatility of 30.0 %; a seller wants it high.',
      'Strength: The least traded leg has a volume of 300 contracts today.',
      'Weakness: The least open leg has an open interest of 20 contracts.',
    ]);
  });

  it('tell both break-evens, and a debit', () => {
    const batch = aBatch(['LONG_STRANGLE', { ...SPREAD, netCredit: -3, breakevenLower: 90, breakevenUpper: 110 }]);
    expect(scoreReasons(batch, 0, 'EUR', [])).toEqual([
      'Long strangle: pays 3.00 EUR per unit for 36.5 days, break-even at 90.00 and 110.00 EUR, 77.0 % probability of profit.',
    ]);
  });

  it('never print what is not a number', () => {
    for (const strategy of STRATEGY_IDS) {
      const batch = aBatch([strategy, {}]);
      const components = explainScore(batch, 0);
      const sentences = [...scoreReasons(batch, 0, 'USD', components), ...components.map(({ explanation }) => explanation)];
      for (const sentence of sentences) expect(sentence).not.toMatch(/NaN|Infinity|undefined/);
    }
  });
});
