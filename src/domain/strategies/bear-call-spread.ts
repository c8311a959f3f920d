import { deltaWindow } from './delta-window.ts';
import type { Strategy } from './strategy.ts';
import { strategyCode } from './strategy-code.ts';
import { appendVerticalSpreads, maximumVerticalSpreads, type VerticalShape } from './vertical-spreads.ts';

const SHAPE: VerticalShape = {
  strategyCode: strategyCode('BEAR_CALL_SPREAD'),
  anchorWindow: deltaWindow(0.06, 0.5),
  anchorQuantity: -1,
  wingDirection: 1,
};

export const bearCallSpread: Strategy = {
  id: 'BEAR_CALL_SPREAD',
  name: 'Bear call spread',
  description:
    'A call sold, delta 0.06 to 0.50, and one with a higher strike bought. Keeps the credit when the underlying stays below the short strike.',
  shortPremium: true,
  definedRisk: true,
  maximumPerExpiration: maximumVerticalSpreads(SHAPE.anchorWindow),
  generate: (context, batch) => appendVerticalSpreads(SHAPE, context.calls, context.standardDeviation, batch),
};
