import { deltaWindow } from './delta-window.ts';
import { appendSingleLegs, type SingleLegShape } from './single-legs.ts';
import type { Strategy } from './strategy.ts';
import { strategyCode } from './strategy-code.ts';

const SHAPE: SingleLegShape = {
  strategyCode: strategyCode('COVERED_CALL'),
  window: deltaWindow(0.04, 0.56),
  quantity: -1,
  stockQuantity: 1,
};

export const coveredCall: Strategy = {
  id: 'COVERED_CALL',
  name: 'Covered call',
  description: 'The underlying held and a call sold against it, delta 0.04 to 0.56. Gives up what lies above the strike for the premium.',
  shortPremium: true,
  definedRisk: false,
  maximumPerExpiration: SHAPE.window.size,
  generate: (context, batch) => appendSingleLegs(SHAPE, context.calls, batch),
};
