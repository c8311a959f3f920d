import { deltaWindow } from './delta-window.ts';
import type { Strategy } from './strategy.ts';
import { strategyCode } from './strategy-code.ts';
import { appendVerticalSpreads, maximumVerticalSpreads, type VerticalShape } from './vertical-spreads.ts';

const SHAPE: VerticalShape = {
  strategyCode: strategyCode('BULL_CALL_SPREAD'),
  anchorWindow: deltaWindow(0.34, 0.74),
  anchorQuantity: 1,
  wingDirection: 1,
};

export const bullCallSpread: Strategy = {
  id: 'BULL_CALL_SPREAD',
  name: 'Bull call spread',
  description:
    'A call bought, delta 0.34 to 0.74, and one with a higher strike sold. Wins when the underlying rises; the debit is at risk.',
  shortPremium: false,
  definedRisk: true,
  maximumPerExpiration: maximumVerticalSpreads(SHAPE.anchorWindow),
  generate: (context, batch) => appendVerticalSpreads(SHAPE, context.calls, context.standardDeviation, batch),
};
