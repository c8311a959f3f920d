import { appendStraddles, STRADDLE_WINDOW } from './straddles.ts';
import type { Strategy } from './strategy.ts';
import { strategyCode } from './strategy-code.ts';

const CODE = strategyCode('SHORT_STRADDLE');

export const shortStraddle: Strategy = {
  id: 'SHORT_STRADDLE',
  name: 'Short straddle',
  description: 'A put and a call of one strike near the money, both sold. Wins when the underlying stays near; the loss is not limited.',
  shortPremium: true,
  definedRisk: false,
  maximumPerExpiration: STRADDLE_WINDOW.size,
  generate: (context, batch) => appendStraddles(CODE, -1, context, batch),
};
