import { expectedValueRule } from './expected-value-rule.ts';
import { openInterestRule, spreadRule, volumeRule } from './liquidity-rules.ts';
import { probabilityRule } from './probability-rule.ts';
import { returnRule } from './return-rule.ts';
import type { ScoreRule } from './score-rule.ts';
import type { ScoreComponentName } from './score-weights.ts';
import { timeDecayRule } from './time-decay-rule.ts';
import { volatilityRule } from './volatility-rule.ts';

export const SCORE_RULES: Readonly<Record<ScoreComponentName, ScoreRule>> = {
  probabilityOfProfit: probabilityRule,
  returnOnRisk: returnRule,
  expectedValue: expectedValueRule,
  volatility: volatilityRule,
  timeDecay: timeDecayRule,
  spread: spreadRule,
  openInterest: openInterestRule,
  volume: volumeRule,
};
