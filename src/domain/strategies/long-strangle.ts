import { appendStrangles, STRANGLE_WINDOW } from './strangles.ts';
import type { Strategy } from './strategy.ts';
import { strategyCode } from './strategy-code.ts';

const CODE = strategyCode('LONG_STRANGLE');

export const longStrangle: Strategy = {
  id: 'LONG_STRANGLE',
  name: 'Long strangle',
  description:
    'A put and a call with a higher strike, both bought, |delta| 0.06 to 0.46 and about the same. Wins when the underlying moves far, either way.',
  shortPremium: false,
  definedRisk: true,
  maximumPerExpiration: STRANGLE_WINDOW.size,
  generate: (context, batch) => appendStrangles(CODE, 1, context, batch),
};
