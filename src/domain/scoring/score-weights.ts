import type { ScoreFamily } from './score-family.ts';

/** In the order in which they are told. */
export const SCORE_COMPONENT_NAMES = [
  'probabilityOfProfit',
  'returnOnRisk',
  'expectedValue',
  'volatility',
  'timeDecay',
  'spread',
  'openInterest',
  'volume',
] as const;
export type ScoreComponentName = (typeof SCORE_COMPONENT_NAMES)[number];

const SELLER: Readonly<Record<ScoreComponentName, number>> = {
  probabilityOfProfit: 0.25,
  returnOnRisk: 0.2,
  expectedValue: 0.1,
  volatility: 0.1,
  timeDecay: 0.1,
  spread: 0.15,
  openInterest: 0.05,
  volume: 0.05,
};

/**
 * Share of each component in the composite; every column adds up to 1. A component whose input is unknown gives its share to the others in proportion.
 *
 * Sellers are paid for being right often: probability and return lead. Buyers are right seldom and win much: what they pay for the option (expected value,
 * volatility, decay) leads, and return on risk says nothing, because the greatest profit of a bought option is unlimited or reached only when the underlying is
 * worth nothing. Debit spreads stand between: nearly neutral to volatility and time. Liquidity is a quarter to three tenths for all: it is what getting in and out
 * costs, whatever the model says.
 */
export const SCORE_WEIGHTS: Readonly<Record<ScoreFamily, Readonly<Record<ScoreComponentName, number>>>> = {
  SECURED: SELLER,
  CREDIT_SPREAD: SELLER,
  NAKED: SELLER,
  DEBIT_SPREAD: {
    probabilityOfProfit: 0.25,
    returnOnRisk: 0.2,
    expectedValue: 0.15,
    volatility: 0.05,
    timeDecay: 0.05,
    spread: 0.15,
    openInterest: 0.1,
    volume: 0.05,
  },
  LONG_PREMIUM: {
    probabilityOfProfit: 0.15,
    returnOnRisk: 0,
    expectedValue: 0.2,
    volatility: 0.2,
    timeDecay: 0.15,
    spread: 0.15,
    openInterest: 0.1,
    volume: 0.05,
  },
};

/** What a family calls good, for the components that are measured against a scale. */
export interface ScoreScale {
  /** Probability of profit that scores 0, and the one that scores 100. */
  readonly probabilityOfProfit: { readonly zero: number; readonly full: number };
  /** Return per year on what is at risk that scores 50; it saturates towards 100. A fraction: 1 is 100 %. */
  readonly annualReturn: number;
  /** Expected value divided by what is at risk that scores 75 (its negative: 25); a fraction. */
  readonly expectedValue: number;
}

/**
 * Typical values of each family: a secured put risks the whole strike and earns a few percent a month, a credit spread earns a quarter of its risk in a month or
 * two, a debit spread about doubles or loses all.
 */
export const SCORE_SCALES: Readonly<Record<ScoreFamily, ScoreScale>> = {
  SECURED: { probabilityOfProfit: { zero: 0.5, full: 0.95 }, annualReturn: 0.25, expectedValue: 0.002 },
  CREDIT_SPREAD: { probabilityOfProfit: { zero: 0.5, full: 0.95 }, annualReturn: 3, expectedValue: 0.03 },
  NAKED: { probabilityOfProfit: { zero: 0.5, full: 0.95 }, annualReturn: 1, expectedValue: 0.01 },
  DEBIT_SPREAD: { probabilityOfProfit: { zero: 0.3, full: 0.7 }, annualReturn: 10, expectedValue: 0.03 },
  LONG_PREMIUM: { probabilityOfProfit: { zero: 0.15, full: 0.55 }, annualReturn: 10, expectedValue: 0.03 },
};

/**
 * Stands for what is at risk where the loss is unlimited: margin rules ask for about a fifth of the underlying beside the premium (Cboe margin manual, uncovered
 * index and equity options).
 */
export const NAKED_MARGIN_SHARE = 0.2;
