import { deltaWindow } from './delta-window.ts';
import { appendSingleLegs, type SingleLegShape } from './single-legs.ts';
import type { Strategy } from './strategy.ts';
import { strategyCode } from './strategy-code.ts';

const SHAPE: SingleLegShape = {
  strategyCode: strategyCode('LONG_CALL'),
  window: deltaWindow(0.16, 0.84),
  quantity: 1,
  stockQuantity: 0,
};

export const longCall: Strategy = {
  id: 'LONG_CALL',
  name: 'Long call',
  description: 'A call bought, delta 0.16 to 0.84. Wins when the underlying rises by more than the premium.',
  shortPremium: false,
  definedRisk: true,
  maximumPerExpiration: SHAPE.window.size,
  generate: (context, batch) => appendSingleLegs(SHAPE, context.calls, batch),
};
