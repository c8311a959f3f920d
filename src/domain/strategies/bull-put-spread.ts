import { deltaWindow } from './delta-window.ts';
import type { Strategy } from './strategy.ts';
import { strategyCode } from './strategy-code.ts';
import { appendVerticalSpreads, maximumVerticalSpreads, type VerticalShape } from './vertical-spreads.ts';

const SHAPE: VerticalShape = {
  strategyCode: strategyCode('BULL_PUT_SPREAD'),
  anchorWindow: deltaWindow(0.06, 0.5),
  anchorQuantity: -1,
  wingDirection: -1,
};

export const bullPutSpread: Strategy = {
  id: 'BULL_PUT_SPREAD',
  name: 'Bull put spread',
  description:
    'A put sold, delta -0.06 to -0.50, and one with a lower strike bought. Keeps the credit when the underlying stays above the short strike.',
  shortPremium: true,
  definedRisk: true,
  maximumPerExpiration: maximumVerticalSpreads(SHAPE.anchorWindow),
  generate: (context, batch) => appendVerticalSpreads(SHAPE, context.puts, context.standardDeviation, batch),
};
