import { appendStraddles, STRADDLE_WINDOW } from './straddles.ts';
import type { Strategy } from './strategy.ts';
import { strategyCode } from './strategy-code.ts';

const CODE = strategyCode('LONG_STRADDLE');

export const longStraddle: Strategy = {
  id: 'LONG_STRADDLE',
  name: 'Long straddle',
  description: 'A put and a call of one strike near the money, both bought. Wins when the underlying moves far, either way.',
  shortPremium: false,
  definedRisk: true,
  maximumPerExpiration: STRADDLE_WINDOW.size,
  generate: (context, batch) => appendStraddles(CODE, 1, context, batch),
};
