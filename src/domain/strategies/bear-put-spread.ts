import { deltaWindow } from './delta-window.ts';
import type { Strategy } from './strategy.ts';
import { strategyCode } from './strategy-code.ts';
import { appendVerticalSpreads, maximumVerticalSpreads, type VerticalShape } from './vertical-spreads.ts';

const SHAPE: VerticalShape = {
  strategyCode: strategyCode('BEAR_PUT_SPREAD'),
  anchorWindow: deltaWindow(0.34, 0.74),
  anchorQuantity: 1,
  wingDirection: -1,
};

export const bearPutSpread: Strategy = {
  id: 'BEAR_PUT_SPREAD',
  name: 'Bear put spread',
  description:
    'A put bought, delta -0.34 to -0.74, and one with a lower strike sold. Wins when the underlying falls; the debit is at risk.',
  shortPremium: false,
  definedRisk: true,
  maximumPerExpiration: maximumVerticalSpreads(SHAPE.anchorWindow),
  generate: (context, batch) => appendVerticalSpreads(SHAPE, context.puts, context.standardDeviation, batch),
};
