import { deltaWindow } from './delta-window.ts';
import { appendSingleLegs, type SingleLegShape } from './single-legs.ts';
import type { Strategy } from './strategy.ts';
import { strategyCode } from './strategy-code.ts';

const SHAPE: SingleLegShape = {
  strategyCode: strategyCode('CASH_SECURED_PUT'),
  window: deltaWindow(0.04, 0.56),
  quantity: -1,
  stockQuantity: 0,
};

export const cashSecuredPut: Strategy = {
  id: 'CASH_SECURED_PUT',
  name: 'Cash-secured put',
  description:
    'A put sold, delta -0.04 to -0.56, with the strike held in cash. Keeps the premium above the strike, buys the underlying below it.',
  shortPremium: true,
  definedRisk: false,
  maximumPerExpiration: SHAPE.window.size,
  generate: (context, batch) => appendSingleLegs(SHAPE, context.puts, batch),
};
